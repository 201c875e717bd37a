/** A text that counts when it is left or Enter is pressed, so that no half-typed name goes into a form. */
import { useState } from 'react';

export interface TypedProps {
  readonly label: string;
  readonly value: string;
  readonly mono?: boolean;
  /** Names the input where its label is not to be seen. */
  readonly hiddenLabel?: boolean;
  /** Says what is wrong, if something is. */
  readonly check?: (text: string) => string | undefined;
  readonly onCommit: (text: string) => void;
}

export function Typed({ label, value, mono = false, hiddenLabel = false, check, onCommit }: TypedProps) {
  const [text, setText] = useState(value);
  const [last, setLast] = useState(value);
  if (last !== value) {
    // It was changed elsewhere, which is newer than what is typed here.
    setLast(value);
    setText(value);
  }
  const problem = text === value ? undefined : check?.(text);

  function commit(): void {
    if (text === value) return;
    if (problem === undefined) onCommit(text);
    else setText(value);
  }

  return (
    <label className="field">
      <span className={hiddenLabel ? 'visually-hidden' : undefined}>{label}</span>
      <input
        className={mono ? 'form-control mono' : 'form-control'}
        value={text}
        aria-invalid={problem !== undefined}
        spellCheck={!mono}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
        }}
      />
      {problem === undefined ? null : <span className="field-problem">{problem}</span>}
    </label>
  );
}
