/** The session server's questions in the middle of a start, word for word, one round at a time. */
import { useEffect, useId, useRef, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { SshStage } from '../../contract/login.ts';
import { autocompleteOf } from '../login/prompt-kind.ts';

export interface LoginStepProps {
  readonly round: SshStage;
  readonly formId: string;
  /** What was typed is kept nowhere else. */
  readonly onAnswer: (answers: readonly string[]) => void;
}

export function LoginStep({ round, formId, onAnswer }: LoginStepProps) {
  const { t } = useTranslation();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const prompts = round.prompts ?? [];

  useEffect(() => form.current?.querySelector('input')?.focus(), []);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    onAnswer(
      prompts.map((_prompt, index) => {
        const value = data.get(`answer-${index}`);
        return typeof value === 'string' ? value : '';
      }),
    );
  }

  return (
    <form ref={form} id={formId} className="login-form" onSubmit={submit}>
      <p>{t('start.login')}</p>
      {round.notice === undefined ? null : <p className="login-said">{round.notice}</p>}
      {round.name === undefined ? null : <h3>{round.name}</h3>}
      {round.instruction === undefined ? null : <p className="login-said">{round.instruction}</p>}
      {prompts.map(({ prompt, echo }, index) => (
        // A round's prompts keep their places.
        // oxlint-disable-next-line react/no-array-index-key
        <div className="field" key={index}>
          <label htmlFor={`${id}-${index}`}>{prompt}</label>
          <input
            id={`${id}-${index}`}
            className="form-control"
            name={`answer-${index}`}
            type={echo ? 'text' : 'password'}
            autoComplete={autocompleteOf({ prompt, echo })}
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
          />
        </div>
      ))}
    </form>
  );
}
