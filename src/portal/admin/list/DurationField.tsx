/** A length of time as people say it; seconds for everybody else. Empty is "no limit". */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from './Field.tsx';
import { longest, UNITS, type Unit } from './duration.ts';

export interface DurationFieldProps {
  readonly label: string;
  readonly help?: string;
  readonly problem?: string | undefined;
  /** Seconds; `null`: none; negative: what is typed is no length of time. */
  readonly seconds: number | null;
  readonly none: string;
  readonly onChange: (seconds: number | null) => void;
}

interface Typed {
  readonly text: string;
  readonly unit: Unit;
}

const shown = (seconds: number | null): Typed => {
  if (seconds === null || seconds < 0) return { text: '', unit: 'minutes' };
  const unit = longest(seconds);
  return { text: String(seconds / UNITS[unit]), unit };
};

function read({ text, unit }: Typed): number | null {
  if (text.trim() === '') return null;
  const seconds = Number(text.replace(',', '.')) * UNITS[unit];
  return Number.isInteger(seconds) && seconds > 0 ? seconds : -1;
}

export function DurationField({ label, help, problem, seconds, none, onChange }: DurationFieldProps) {
  const { t } = useTranslation();
  const [kept, setKept] = useState(() => shown(seconds));
  // What is typed stands as long as it means the value; another value comes from elsewhere.
  const typed = read(kept) === seconds ? kept : shown(seconds);
  const change = (next: Typed) => {
    setKept(next);
    onChange(read(next));
  };
  return (
    <Field label={label} help={help} problem={problem}>
      {(attributes) => (
        <div className="field-unit">
          <input
            {...attributes}
            className="form-control"
            inputMode="decimal"
            autoComplete="off"
            placeholder={none}
            value={typed.text}
            onChange={(event) => change({ ...typed, text: event.target.value })}
          />
          <select
            className="form-select"
            aria-label={t('duration.unitOf', { name: label })}
            value={typed.unit}
            onChange={(event) => {
              const unit = (Object.keys(UNITS) as Unit[]).find((one) => one === event.target.value);
              if (unit) change({ ...typed, unit });
            }}
          >
            {(Object.keys(UNITS) as Unit[]).map((unit) => (
              <option key={unit} value={unit}>
                {t(`duration.${unit}`)}
              </option>
            ))}
          </select>
        </div>
      )}
    </Field>
  );
}
