/** One of a few views of the same thing, side by side. */
import { useId } from 'react';
import './drafts.css';

export interface ModesProps<Mode extends string> {
  readonly label: string;
  readonly modes: readonly Mode[];
  readonly mode: Mode;
  readonly name: (mode: Mode) => string;
  readonly onChange: (mode: Mode) => void;
}

export function Modes<Mode extends string>({ label, modes, mode, name, onChange }: ModesProps<Mode>) {
  const id = useId();
  return (
    <fieldset className="draft-modes">
      <legend className="visually-hidden">{label}</legend>
      {modes.map((one) => (
        <label key={one}>
          <input type="radio" name={id} checked={mode === one} onChange={() => onChange(one)} />
          <span>{name(one)}</span>
        </label>
      ))}
    </fieldset>
  );
}
