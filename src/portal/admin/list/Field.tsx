/** Label, help and problem around the control of one field. */
import { useId, type ReactNode } from 'react';

export interface FieldAttributes {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

export interface FieldProps {
  readonly label: string;
  readonly help?: string | undefined;
  readonly problem?: string | undefined;
  /** After the control, such as "minutes". */
  readonly unit?: string | undefined;
  readonly children: (attributes: FieldAttributes) => ReactNode;
}

export function Field({ label, help, problem, unit, children }: FieldProps) {
  const id = useId();
  const about = [
    unit === undefined ? '' : `${id}-unit`,
    problem === undefined ? '' : `${id}-problem`,
    help === undefined ? '' : `${id}-help`,
  ].filter((one) => one !== '');
  const control = children({
    id,
    ...(about.length > 0 ? { 'aria-describedby': about.join(' ') } : {}),
    ...(problem === undefined ? {} : { 'aria-invalid': true }),
  });
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {unit === undefined ? (
        control
      ) : (
        <div className="field-unit">
          {control}
          <span id={`${id}-unit`}>{unit}</span>
        </div>
      )}
      {problem === undefined ? null : (
        <p id={`${id}-problem`} className="field-problem">
          {problem}
        </p>
      )}
      {help === undefined ? null : (
        <p id={`${id}-help`} className="field-help">
          {help}
        </p>
      )}
    </div>
  );
}

export interface CheckFieldProps {
  readonly label: string;
  readonly help?: string | undefined;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function CheckField({ label, help, checked, disabled = false, onChange }: CheckFieldProps) {
  const id = useId();
  return (
    <div className="check-field">
      <input
        id={id}
        type="checkbox"
        className="form-check-input"
        checked={checked}
        disabled={disabled}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {help === undefined ? null : (
          <p id={`${id}-help`} className="field-help">
            {help}
          </p>
        )}
      </div>
    </div>
  );
}

export interface TextFieldProps extends Omit<FieldProps, 'children'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly mono?: boolean;
  readonly placeholder?: string;
  readonly maxLength?: number;
  readonly lines?: number;
  /** Suggestions while typing. */
  readonly list?: readonly string[];
}

export function TextField(props: TextFieldProps) {
  const { value, onChange, mono = false, placeholder, maxLength, lines, list } = props;
  const listId = useId();
  const common = {
    className: mono ? 'form-control mono' : 'form-control',
    value,
    placeholder,
    maxLength,
    spellCheck: !mono,
  };
  return (
    <Field label={props.label} help={props.help} problem={props.problem} unit={props.unit}>
      {(attributes) =>
        lines === undefined ? (
          <>
            <input
              {...attributes}
              {...common}
              autoComplete="off"
              list={list ? listId : undefined}
              onChange={(event) => onChange(event.target.value)}
            />
            {list ? (
              <datalist id={listId}>
                {list.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </datalist>
            ) : null}
          </>
        ) : (
          <textarea {...attributes} {...common} rows={lines} onChange={(event) => onChange(event.target.value)} />
        )
      }
    </Field>
  );
}

export interface SelectFieldProps extends Omit<FieldProps, 'children'> {
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

export function SelectField({ value, options, onChange, ...field }: SelectFieldProps) {
  return (
    <Field {...field}>
      {(attributes) => (
        <select
          {...attributes}
          className="form-select"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        >
          {options.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
