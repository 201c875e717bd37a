/** The line being typed at a prompt: editing keys and history, as a shell's own editor has them. */
import { KEYSYM, type Key } from '../app.ts';

const MOST_HISTORY = 200;
const LONGEST_LINE = 4096;

export class LineEditor {
  text = '';
  cursor = 0;
  readonly history: string[] = [];
  #at = 0;
  #draft = '';

  insert(text: string): void {
    const clean = text.replace(/[\r\n\t]+/g, ' ').replace(/\p{Cc}/gu, '');
    if (this.text.length + clean.length > LONGEST_LINE) return;
    this.text = this.text.slice(0, this.cursor) + clean + this.text.slice(this.cursor);
    this.cursor += clean.length;
  }

  /** True when the key did something to the line. */
  key({ keysym, text, control }: Key): boolean {
    if (control) return this.#control(keysym);
    switch (keysym) {
      case KEYSYM.backspace:
        this.#cut(this.cursor - 1, this.cursor);
        break;
      case KEYSYM.delete:
        this.#cut(this.cursor, this.cursor + 1);
        break;
      case KEYSYM.left:
        this.cursor = Math.max(0, this.cursor - 1);
        break;
      case KEYSYM.right:
        this.cursor = Math.min(this.text.length, this.cursor + 1);
        break;
      case KEYSYM.home:
        this.cursor = 0;
        break;
      case KEYSYM.end:
        this.cursor = this.text.length;
        break;
      case KEYSYM.up:
        this.#browse(-1);
        break;
      case KEYSYM.down:
        this.#browse(1);
        break;
      default:
        if (text === '') return false;
        this.insert(text);
    }
    return true;
  }

  /** Gives the line away and starts a new one. */
  take(): string {
    const line = this.text;
    if (line.trim() !== '' && line !== this.history.at(-1)) this.history.push(line);
    if (this.history.length > MOST_HISTORY) this.history.shift();
    this.#at = this.history.length;
    this.#set('');
    return line;
  }

  #control(keysym: number): boolean {
    switch (String.fromCharCode(keysym & 0xff).toLowerCase()) {
      case 'a':
        this.cursor = 0;
        return true;
      case 'e':
        this.cursor = this.text.length;
        return true;
      case 'u':
        this.#cut(0, this.cursor);
        return true;
      case 'k':
        this.#cut(this.cursor, this.text.length);
        return true;
      case 'w':
        this.#cut(this.text.slice(0, this.cursor).replace(/\S+\s*$/, '').length, this.cursor);
        return true;
      default:
        return false;
    }
  }

  #cut(from: number, to: number): void {
    if (from < 0) return;
    this.text = this.text.slice(0, from) + this.text.slice(to);
    this.cursor = from;
  }

  #browse(step: number): void {
    const next = this.#at + step;
    if (next < 0 || next > this.history.length) return;
    if (this.#at === this.history.length) this.#draft = this.text;
    this.#at = next;
    this.#set(next === this.history.length ? this.#draft : (this.history[next] ?? ''));
  }

  #set(text: string): void {
    this.text = text;
    this.cursor = text.length;
  }
}
