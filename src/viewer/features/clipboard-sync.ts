/**
 * Keeps the session's clipboard and this computer's the same, as far as the server and the browser let it: with the key
 * that pastes always, with the page's focus where the browser permits it, the other way round as something is copied.
 */
import type { ClipboardMode } from '../../contract/allowances.ts';
import { type ClipFailure, type ClipKind, MAX_CLIP_BYTES } from '../../contract/clipboard.ts';
import type { FeatureContext } from '../feature.ts';
import { fill } from '../strings.ts';
import { check, type ClipProblem, toBytes } from './clipboard-content.ts';
import { type ClipboardLink, type ClipOffer, ClipRefusal } from './clipboard-link.ts';
import { LocalClipboard, type ReadPermission } from './clipboard-local.ts';
import { isEmpty, type LocalContent } from './clipboard-transfer.ts';
import { WORDS } from './clipboard-words.ts';

const MIB = 1024 * 1024;
const TOAST_MS = 8000;
const KIND_WORDS = { text: 'kindText', html: 'kindHtml', png: 'kindPng' } as const satisfies Record<ClipKind, string>;

export type SyncContext = Pick<FeatureContext, 'window' | 'notices' | 'strings' | 'preferences'>;

export class ClipboardSync {
  readonly link: ClipboardLink;
  readonly language: 'en' | 'de';
  readonly words: (typeof WORDS)['en'];
  /** What was last copied in the session, as far as it has been fetched. */
  copied: LocalContent | undefined;
  permission: ReadPermission = 'unknown';
  /** The browser wants a key or a click before it takes what was copied. */
  waiting = false;
  /** For who shows any of it. */
  onChange: () => void = () => undefined;
  readonly #context: SyncContext;
  readonly #local: LocalClipboard;
  readonly #listening = new AbortController();
  #mode: ClipboardMode = 'off';
  #offer: ClipOffer | undefined;
  /** The mark of what this computer's clipboard had when it was last seen or written. */
  #seen = '';
  /** One after the other: an image takes longer to be looked at than the text that is pasted after it. */
  #checking: Promise<unknown> = Promise.resolve();
  #reading: Promise<unknown> = Promise.resolve();
  #putting: Promise<void> = Promise.resolve();
  #told = '';
  #writing = false;

  constructor(context: SyncContext, link: ClipboardLink) {
    this.#context = context;
    this.link = link;
    this.language = context.strings.language;
    this.words = WORDS[this.language];
    this.#local = new LocalClipboard(context.window);
    const { signal } = this.#listening;
    this.#local.watch(signal, (permission) => {
      this.permission = permission;
      this.onChange();
      this.#lookHere();
    });
    const { window } = context;
    window.addEventListener('focus', () => this.#lookHere(), { signal });
    // What a browser takes for a person's doing.
    for (const type of ['pointerup', 'keydown'] as const) {
      window.document.addEventListener(type, () => void this.#writeWaiting(), { signal, capture: true });
    }
  }

  get mode(): ClipboardMode {
    return this.#mode;
  }

  /** With each connection, whose session may have another clipboard than before. */
  set mode(mode: ClipboardMode) {
    this.#mode = mode;
    this.#offer = undefined;
    this.copied = undefined;
    this.waiting = false;
    this.#seen = '';
    this.onChange();
    this.#lookHere();
  }

  get out(): boolean {
    return this.#mode === 'both' || this.#mode === 'to-local';
  }

  get into(): boolean {
    return this.#mode === 'both' || this.#mode === 'to-remote';
  }

  get automatic(): boolean {
    return this.#context.preferences.get('clipboardAutomatic') ?? true;
  }

  set automatic(on: boolean) {
    this.#context.preferences.set({ clipboardAutomatic: on });
    this.#lookHere();
  }

  get selected(): boolean {
    return this.#context.preferences.get('clipboardSelected') ?? false;
  }

  set selected(on: boolean) {
    this.#context.preferences.set({ clipboardSelected: on });
  }

  /** Something was copied in the session, or was there before. */
  async offered(offer: ClipOffer): Promise<void> {
    if (!this.out || (offer.selection === 'primary' && !this.selected)) return;
    // What this viewer brought itself ends what was copied before.
    if (offer.kinds.length === 0) {
      if (this.#offer?.selection === offer.selection) this.#take(undefined);
      return;
    }
    this.#take(offer);
    if (!offer.fresh || !this.automatic) return;
    const content = await this.fetch(true);
    if (content && this.#offer === offer) {
      this.waiting = true;
      await this.#writeWaiting();
    }
  }

  /** What was last copied in the session. Says why not, if `aloud` and there is something to say. */
  async fetch(aloud: boolean): Promise<LocalContent | undefined> {
    const offer = this.#offer;
    if (!offer || this.copied) return this.copied;
    try {
      const bytes = new Map<ClipKind, Uint8Array<ArrayBuffer>>();
      for (const kind of offer.kinds) bytes.set(kind, await this.link.get(offer, kind));
      const [text, html, png] = [bytes.get('text'), bytes.get('html'), bytes.get('png')];
      const decoder = new TextDecoder();
      const { content, problems } = await check({
        ...(text ? { text: decoder.decode(text) } : {}),
        ...(html ? { html: decoder.decode(html) } : {}),
        ...(png ? { png: new Blob([png], { type: 'image/png' }) } : {}),
      });
      if (this.#offer !== offer) return undefined;
      this.copied = content;
      if (aloud) this.#tell(problems);
      this.onChange();
      return isEmpty(content) ? undefined : content;
    } catch (error) {
      if (this.#offer === offer && aloud) this.say(this.reason(error));
      return undefined;
    }
  }

  /** By a click: what was copied in the session goes to this computer. */
  async copyHere(): Promise<boolean> {
    const content = await this.fetch(true);
    return content !== undefined && this.#write(content);
  }

  /** The key that pastes was pressed. Settles once it may be sent. */
  async pasted(content: LocalContent): Promise<void> {
    if (!this.into || isEmpty(content)) return;
    await this.#toSession(content, true);
    this.#askOnce();
  }

  /** From the panel. True: programs in the session can paste it. */
  put(content: LocalContent): Promise<boolean> {
    this.#seen = '';
    return this.#toSession(content, true);
  }

  /** The browser asks, if it has not yet. */
  async allow(): Promise<void> {
    await this.#readHere();
  }

  say(message: string): void {
    const { notices } = this.#context;
    notices.show({ title: this.words.failedTitle, message, icon: 'warning', buttons: [], timeout: TOAST_MS });
  }

  reason(error: unknown): string {
    const reason: ClipFailure = error instanceof ClipRefusal ? error.reason : 'unavailable';
    if (reason === 'too-large') return fill(this.words.tooLargeCopied, { limit: MAX_CLIP_BYTES / MIB });
    return this.words[reason === 'replaced' ? 'gone' : reason];
  }

  dispose(): void {
    this.#listening.abort();
    this.onChange = () => undefined;
  }

  #take(offer: ClipOffer | undefined): void {
    this.#offer = offer;
    this.copied = undefined;
    this.waiting = false;
    this.onChange();
  }

  /** The page has the focus, or may read more than before. */
  #lookHere(): void {
    const { document } = this.#context.window;
    if (this.waiting) void this.#writeWaiting();
    else if (this.into && this.automatic && this.permission === 'granted' && document.hasFocus()) {
      void this.#readHere();
    }
  }

  async #readHere(): Promise<void> {
    try {
      const content = await this.#local.read();
      if (!isEmpty(content)) await this.#toSession(content, false);
    } catch {
      // The focus is elsewhere again, or the browser asked and the answer was no, which the permission tells.
    }
  }

  /** Once for what is the same. Not `asked`: nobody waits for it, and a problem is told once. */
  async #toSession(given: LocalContent, asked: boolean): Promise<boolean> {
    const checked = this.#checking.then(() => check(given));
    this.#checking = checked.catch(() => undefined);
    const { content, problems, mark } = await checked;
    const told = JSON.stringify(problems);
    if (asked || told !== this.#told) this.#tell(problems);
    this.#told = told;
    if (isEmpty(content)) return false;
    if (mark !== this.#seen) {
      this.#seen = mark;
      this.#putting = this.#put(content);
    }
    try {
      await this.#putting;
      return true;
    } catch (error) {
      // To be tried again with the next key.
      if (this.#seen === mark) this.#seen = '';
      const replaced = error instanceof ClipRefusal && error.reason === 'replaced';
      if (asked && !replaced) this.say(this.reason(error));
      return false;
    }
  }

  async #put(content: LocalContent): Promise<void> {
    const bytes = this.#reading.then(() => toBytes(content));
    this.#reading = bytes.catch(() => undefined);
    await this.link.put(await bytes, ['clipboard', 'primary']);
  }

  async #writeWaiting(): Promise<void> {
    const { copied } = this;
    if (!this.waiting || this.#writing || !copied) return;
    this.#writing = true;
    const written = await this.#write(copied);
    this.#writing = false;
    if (this.copied !== copied) {
      // Something newer was copied meanwhile.
      await this.#writeWaiting();
      return;
    }
    this.waiting = !written;
    this.onChange();
  }

  async #write(content: LocalContent): Promise<boolean> {
    const before = this.#seen;
    // The browser may tell of the focus, and be asked what it has, before it says that it is written.
    this.#seen = (await check(content)).mark;
    if (await this.#local.write(content)) return true;
    this.#seen = before;
    return false;
  }

  #tell(problems: readonly ClipProblem[]): void {
    for (const problem of problems) {
      if (problem.what === 'image') this.say(this.words.badImage);
      else {
        const kind = this.words[KIND_WORDS[problem.kind]];
        const size = Math.ceil(problem.bytes / MIB);
        this.say(fill(this.words.tooLarge, { kind, size, limit: MAX_CLIP_BYTES / MIB }));
      }
    }
  }

  /** Who pastes by key can paste by mouse too, if the browser is asked; once, and with what it is good for. */
  #askOnce(): void {
    const { preferences, notices } = this.#context;
    if (this.permission !== 'prompt' || !this.automatic || preferences.get('clipboardAsked') === true) return;
    preferences.set({ clipboardAsked: true });
    notices.show({
      title: this.words.askTitle,
      message: this.words.ask,
      icon: 'question',
      buttons: [
        { name: 'allow', label: this.words.allow },
        { name: 'no', label: this.words.notNow },
      ],
      timeout: undefined,
      onDone: (name) => {
        if (name === 'allow') void this.allow();
      },
    });
  }
}
