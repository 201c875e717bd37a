/**
 * The phone's own keyboard: it edits a text field, and what it makes of that text is repeated in the session. It corrects
 * and swipes whole words, so what counts is how the text differs from what it was, not which keys were pressed.
 */
import type { TextField } from './text-field.ts';

export interface Edit {
  /** Characters taken away before the cursor. */
  readonly deleted: number;
  readonly inserted: string;
}

/** So that there is always something to delete: a phone tells nothing of deleting in an empty field. */
const PAD = ' '.repeat(32);
/** Past it the field begins anew, where nothing is being composed. */
const LONGEST = 400;
/** Scripts whose composing shows other characters than it ends with; they are repeated when they are decided upon. */
const DECIDED_LATER = /[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]/;

/** What takes one text to the other, with the cursor of the session at the end of both. */
export function difference(before: string, after: string): Edit {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  // Not through the middle of a character.
  if (same > 0 && /[\ud800-\udbff]/.test(before[same - 1] ?? '')) same--;
  const gone = before.slice(same);
  // Of the padding a whole word may go at once; that is one step back in the session.
  const padding = Math.max(0, PAD.length - same);
  const ours = gone.slice(Math.min(padding, gone.length));
  const deleted = (padding > 0 && gone.length > 0 ? 1 : 0) + Array.from(ours).length;
  return { deleted, inserted: after.slice(same) };
}

export class PhoneKeyboard {
  readonly #field: TextField;
  readonly #onEdit: (edit: Edit) => void;
  readonly #listening = new AbortController();
  #before = PAD;
  #shown = false;

  constructor(field: TextField, onEdit: (edit: Edit) => void) {
    this.#field = field;
    this.#onEdit = onEdit;
    const { signal } = this.#listening;
    for (const type of ['keydown', 'keyup'] as const) {
      field.element.addEventListener(type, (event) => this.#onKey(event), { signal });
    }
    field.element.addEventListener('focus', () => this.#shown && this.restart(), { signal });
  }

  get shown(): boolean {
    return this.#shown;
  }

  /** Has to be called while a tap is being dealt with: phones show their keyboard for nothing else. */
  set shown(shown: boolean) {
    this.#shown = shown;
    const field = this.#field;
    // The field is left and entered again: a keyboard is not brought up for one that has the focus.
    field.element.blur();
    field.onScreenKeyboard = shown;
    field.read(shown ? (event) => this.#onInput(event) : undefined);
    field.focus();
    if (shown) this.restart();
  }

  /** The cursor of the session is somewhere else now; what was typed before is no longer before it. */
  restart(): void {
    if (!this.#shown) return;
    this.#before = PAD;
    this.#field.element.value = PAD;
    this.#field.element.setSelectionRange(PAD.length, PAD.length);
  }

  dispose(): void {
    if (this.#shown) this.shown = false;
    this.#listening.abort();
  }

  /** Characters belong to the field, whether or not their keys are told; all else is a key. */
  #onKey(event: KeyboardEvent): void {
    if (!this.#shown) return;
    const { key, ctrlKey, altKey, metaKey } = event;
    const edits = Array.from(key).length === 1 || /^(Backspace|Enter|Unidentified|Process|Dead)$/.test(key);
    if (edits && !ctrlKey && !altKey && !metaKey) event.stopPropagation();
    else if (event.type === 'keydown') this.restart();
  }

  #onInput(event: InputEvent | CompositionEvent): void {
    const { composing, element } = this.#field;
    // A composition's own events say less than the input that comes with them, but for its end.
    if (event.type !== 'input' && event.type !== 'compositionend') return;
    const after = element.value;
    const edit = difference(this.#before, after);
    if (composing && DECIDED_LATER.test(edit.inserted)) return;
    this.#before = after;
    if (edit.deleted > 0 || edit.inserted !== '') this.#onEdit(edit);
    if (composing) return;
    const spent = after.length > LONGEST || !after.startsWith(PAD) || after.includes('\n');
    if (spent) this.restart();
  }
}
