/** Logging in with the account of the session server: name and password, then one round of its questions at a time. */
import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { ApiFailure } from '../../api/failure.ts';
import type { SshPrompt, SshStage } from '../../contract/login.ts';
import { useServices } from '../app/services.ts';
import { Failure } from '../parts/Failure.tsx';
import { useNow } from '../parts/use-now.ts';
import { autocompleteOf } from './prompt-kind.ts';

/** Milliseconds after which the page says that it still waits, and that a telephone may be what it waits for. */
const SLOW_MS = 1500;
const VERY_SLOW_MS = 8000;

/** `false`, then `true` once `on` has been true for so long. */
function useLasting(on: boolean, ms: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!on) return undefined;
    const timer = setTimeout(() => setLasting(true), ms);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [on, ms]);
  return lasting;
}

/** What was typed, by the names of the fields; read at once, so that no state of ours ever holds a password. */
function typed(event: FormEvent<HTMLFormElement>): (name: string) => string {
  event.preventDefault();
  const data = new FormData(event.currentTarget);
  return (name) => {
    const value = data.get(name);
    return typeof value === 'string' ? value : '';
  };
}

/** What the person can put right alone needs no reference for an administrator. */
const THEIR_OWN: readonly string[] = ['login-failed', 'login-expired', 'rate-limited'];

function shown(failure: ApiFailure): ApiFailure {
  const { code, message, details } = failure;
  return THEIR_OWN.includes(code) ? new ApiFailure(code, { message, details }) : failure;
}

export function SshLogin() {
  const { t } = useTranslation();
  const { sshLogin } = useServices();
  const { round, busy, failure, notBefore } = useStore(sshLogin.store);
  const now = useNow(500);
  const seconds = Math.max(0, Math.ceil((notBefore - now) / 1000));
  const [slow, verySlow] = [useLasting(busy, SLOW_MS), useLasting(busy, VERY_SLOW_MS)];
  const label = seconds > 0 ? t('login.wait', { count: seconds }) : t('login.submit');
  return (
    <section className="login-form" aria-label={t('login.account')} aria-busy={busy}>
      {failure && !(failure.code === 'rate-limited' && seconds === 0) ? <Failure failure={shown(failure)} /> : null}
      {round ? (
        <Round key={round.authtoken + JSON.stringify(round.prompts)} round={round} busy={busy} />
      ) : (
        <NameAndPassword busy={busy || seconds > 0} label={label} />
      )}
      <output className="login-progress">
        {slow ? (
          <>
            <span className="spinner" aria-hidden="true" /> {verySlow ? t('login.verySlow') : t('login.slow')}
          </>
        ) : null}
      </output>
    </section>
  );
}

function NameAndPassword(props: { readonly busy: boolean; readonly label: string }) {
  const { t } = useTranslation();
  const { sshLogin } = useServices();
  const name = useStore(sshLogin.store, (state) => state.name);
  const id = useId();
  const nameField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const field = nameField.current?.value === '' ? nameField.current : passwordField.current;
    field?.focus();
    field?.select();
  }, []);

  return (
    <form
      onSubmit={(event) => {
        const value = typed(event);
        if (value('username').trim() === '') {
          nameField.current?.focus();
          return;
        }
        const input = { name: value('username').trim(), password: value('password'), shared: value('shared') !== '' };
        void sshLogin.begin(input).then(() => {
          // What was wrong is most likely the password.
          passwordField.current?.focus();
          passwordField.current?.select();
        });
      }}
    >
      <div className="field">
        <label htmlFor={`${id}-name`}>{t('login.name')}</label>
        <input
          id={`${id}-name`}
          ref={nameField}
          className="form-control"
          name="username"
          defaultValue={name}
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          required
          readOnly={props.busy}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-password`}>{t('login.password')}</label>
        <input
          id={`${id}-password`}
          ref={passwordField}
          className="form-control"
          name="password"
          type="password"
          autoComplete="current-password"
          aria-describedby={`${id}-help`}
          readOnly={props.busy}
        />
        <p className="field-help" id={`${id}-help`}>
          {t('login.passwordHelp')}
        </p>
      </div>
      <label className="login-shared">
        <input type="checkbox" className="form-check-input" name="shared" value="yes" /> {t('login.shared')}
      </label>
      <button type="submit" className="btn btn-primary" disabled={props.busy}>
        {props.label}
      </button>
    </form>
  );
}

function Round({ round, busy }: { readonly round: SshStage; readonly busy: boolean }) {
  const { t } = useTranslation();
  const { sshLogin } = useServices();
  const name = useStore(sshLogin.store, (state) => state.name);
  const prompts = round.prompts ?? [];
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLInputElement>('input[name^="answer"]')?.focus(), []);
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        const value = typed(event);
        void sshLogin.answer(prompts.map((_prompt, index) => value(`answer${index}`)));
      }}
    >
      {round.name === undefined ? null : <h2>{round.name}</h2>}
      {[round.notice, round.instruction].map((text) =>
        text === undefined || text.trim() === '' ? null : (
          <p className="login-said" key={text}>
            {text.trim()}
          </p>
        ),
      )}
      {/* Tells a password manager whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      {prompts.map((prompt, index) => (
        <PromptField
          // Nothing else tells two prompts of a round apart.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          name={`answer${index}`}
          prompt={prompt}
          readOnly={busy}
        />
      ))}
      <div className="login-buttons">
        <button type="button" className="btn btn-quiet" disabled={busy} onClick={() => sshLogin.restart()}>
          {t('login.restart')}
        </button>
        <button type="submit" className="btn btn-primary" disabled={busy}>
          {t('login.continue')}
        </button>
      </div>
    </form>
  );
}

interface PromptFieldProps {
  readonly name: string;
  readonly prompt: SshPrompt;
  readonly readOnly: boolean;
}

function PromptField({ name, prompt, readOnly }: PromptFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const text = prompt.prompt.trim();
  return (
    <div className="field">
      <label htmlFor={id} className="login-said">
        {text === '' ? t('login.answer') : text}
      </label>
      <input
        id={id}
        className="form-control"
        name={name}
        type={prompt.echo ? 'text' : 'password'}
        autoComplete={autocompleteOf(prompt)}
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        readOnly={readOnly}
      />
    </div>
  );
}
