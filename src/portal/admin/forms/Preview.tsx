/** The form as people will see it, drawn by what draws it for them, and what their answers would become. */
import { Component, useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answers, Form } from '../../../contract/form.ts';
import { collectParams } from '../../../forms/fields/collect.ts';
import { rawAnswers } from '../../../forms/fields/typed.ts';
import { mountForm, type MountedForm } from '../../../forms/render/mount-form.ts';
import { problemMessage } from '../../../forms/render/messages.ts';
import { LOCALES, nameOfLocale } from '../../app/i18n.ts';
import { Icon } from '../../parts/Icon.tsx';

const WIDTHS = ['wide', 'tablet', 'phone'] as const;
type Width = (typeof WIDTHS)[number];
const THEMES = ['page', 'light', 'dark'] as const;
type PreviewTheme = (typeof THEMES)[number];

export function Preview({ form }: { readonly form: Form }) {
  const { t, i18n } = useTranslation();
  const [width, setWidth] = useState<Width>('wide');
  const [theme, setTheme] = useState<PreviewTheme>('page');
  const [locale, setLocale] = useState(i18n.language);
  const [answers, setAnswers] = useState<Answers>({});
  const [round, setRound] = useState(0);
  const typed = useRef<Answers>(undefined);
  return (
    <section className="draft-pane form-preview" aria-label={t('forms.preview')}>
      <div className="draft-tools">
        <h2>{t('forms.preview')}</h2>
        <Choice
          label={t('forms.width')}
          value={width}
          onChange={setWidth}
          options={WIDTHS}
          name={(one) => t(`forms.widths.${one}`)}
        />
        <Choice
          label={t('theme.label')}
          value={theme}
          onChange={setTheme}
          options={THEMES}
          name={(one) => t(`forms.themes.${one}`)}
        />
        <Choice label={t('language')} value={locale} onChange={setLocale} options={LOCALES} name={nameOfLocale} />
        <button
          type="button"
          className="icon-button"
          aria-label={t('forms.reset')}
          title={t('forms.reset')}
          onClick={() => {
            typed.current = undefined;
            setRound(round + 1);
          }}
        >
          <Icon name="restart" size={18} />
        </button>
      </div>
      <div className="form-stage" {...(theme === 'page' ? {} : { 'data-bs-theme': theme })}>
        <div className={`form-device form-device-${width}`} lang={locale}>
          <Guard key={`${form.html.length}:${form.version}`}>
            <Mounted
              key={`${theme}:${locale}:${round}`}
              form={form}
              locale={locale}
              typed={typed}
              onAnswers={setAnswers}
            />
          </Guard>
        </div>
      </div>
      <Params form={form} answers={answers} locale={locale} />
    </section>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly Value[];
  readonly name: (value: Value) => string;
  readonly onChange: (value: Value) => void;
}

function Choice<Value extends string>({ label, value, options, name, onChange }: ChoiceProps<Value>) {
  return (
    <select
      className="form-select form-select-sm"
      aria-label={label}
      title={label}
      value={value}
      onChange={(event) => {
        const chosen = options.find((one) => one === event.target.value);
        if (chosen !== undefined) onChange(chosen);
      }}
    >
      {options.map((one) => (
        <option key={one} value={one}>
          {name(one)}
        </option>
      ))}
    </select>
  );
}

interface MountedProps {
  readonly form: Form;
  readonly locale: string;
  /** What was typed outlives the form it was typed in: a change of the text must not empty it. */
  readonly typed: { current: Answers | undefined };
  readonly onAnswers: (answers: Answers) => void;
}

function Mounted({ form, locale, typed, onAnswers }: MountedProps) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const mounted = useRef<MountedForm>(undefined);
  useEffect(() => {
    if (!place.current) return undefined;
    // A plain copy: the text that was typed is tied to the fields of the form before.
    const initial = typed.current ? { ...typed.current } : undefined;
    const made = mountForm(place.current, form, {
      locale,
      ...(initial ? { initial } : {}),
      onChange(answers) {
        typed.current = answers;
        onAnswers(answers);
      },
      onSubmit: onAnswers,
    });
    mounted.current = made;
    onAnswers(made.values());
    return () => made.dispose();
  }, [form, locale, typed, onAnswers]);
  return (
    <>
      <div ref={place} />
      {form.fields.length === 0 ? null : (
        <button type="button" className="btn btn-sm btn-quiet form-check-now" onClick={() => mounted.current?.submit()}>
          <Icon name="check" size={16} /> {t('forms.check')}
        </button>
      )}
    </>
  );
}

function Params({
  form,
  answers,
  locale,
}: {
  readonly form: Form;
  readonly answers: Answers;
  readonly locale: string;
}) {
  const { t } = useTranslation();
  const collected = collectParams(form.fields, rawAnswers(form.fields, answers));
  return (
    <div className="form-params">
      <h3>{t('forms.params')}</h3>
      <output>
        {collected.ok ? (
          <code>{JSON.stringify(collected.params, null, 2)}</code>
        ) : (
          collected.errors.map((problem) => (
            <span key={problem.field} className="form-problem">
              <code>{problem.field}</code> {problemMessage(problem, locale)}
            </span>
          ))
        )}
      </output>
    </div>
  );
}

/** Whatever a form may do to its renderer, the editor around it stays, with the text. */
class Guard extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <p className="failure-details">–</p> : this.props.children;
  }
}
