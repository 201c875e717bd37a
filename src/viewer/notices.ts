/**
 * Toasts and dialogs for what a session says. They lie beside the desktop and never take its keyboard; screen readers
 * hear them as they come. Whatever a session sends is shown as text.
 */
import type { NotifyIcon } from '../clientcomm/notify.ts';
import { button, h, icon, type IconName } from './dom.ts';
import type { Strings } from './strings.ts';

export interface Notice {
  readonly title: string | undefined;
  readonly message: string;
  readonly icon: NotifyIcon | 'link';
  readonly buttons: readonly { readonly name: string; readonly label: string }[];
  readonly link?: { readonly url: string; readonly label: string };
  /** Milliseconds; `undefined` stays until it is closed. */
  readonly timeout: number | undefined;
  /** Once, with the button's name; empty when it was closed or ran out. Not called by `close`. */
  readonly onDone?: (button: string) => void;
}

export interface OpenNotice {
  /** Takes it down without a word. */
  close(): void;
}

/** Toasts beyond these push out the oldest: a script in a loop must not fill the page or its memory. */
const MAX_TOASTS = 5;
const MAX_DIALOGS = 64;
/** Characters shown of one message. What is longer no one reads, and laying it out stops the page. */
const MAX_SHOWN = 20_000;

export class Notices {
  readonly element: HTMLElement;
  readonly #strings: Strings;
  readonly #toasts: HTMLElement;
  readonly #dialogs: HTMLElement;
  readonly #open = new Map<HTMLElement, (name: string) => void>();
  readonly #giveBackFocus: () => void;

  constructor(strings: Strings, giveBackFocus: () => void) {
    this.#strings = strings;
    this.#giveBackFocus = giveBackFocus;
    // The lists themselves are live regions: what is added to them is read out.
    this.#dialogs = h('div', { class: 'dialogs', attributes: { 'aria-live': 'assertive' } });
    this.#toasts = h('div', { class: 'toasts', attributes: { 'aria-live': 'polite' } });
    this.element = h(
      'section',
      { class: 'notices', attributes: { 'aria-label': strings.text('notices') } },
      this.#dialogs,
      this.#toasts,
    );
  }

  show(notice: Notice): OpenNotice {
    const dialog = notice.buttons.length > 0;
    const list = dialog ? this.#dialogs : this.#toasts;
    const message = notice.message.length > MAX_SHOWN ? `${notice.message.slice(0, MAX_SHOWN)}…` : notice.message;
    const element = this.#build(notice, message, dialog);
    let timer: ReturnType<typeof setTimeout> | undefined;

    const remove = () => {
      clearTimeout(timer);
      this.#open.delete(element);
      const hadFocus = element.contains(element.ownerDocument.activeElement);
      element.remove();
      if (hadFocus) this.#giveBackFocus();
    };
    const done = (name: string) => {
      if (!this.#open.has(element)) return;
      remove();
      notice.onDone?.(name);
    };
    this.#open.set(element, done);
    list.append(element);
    const oldest = list.childElementCount > (dialog ? MAX_DIALOGS : MAX_TOASTS) ? list.firstElementChild : null;
    if (oldest instanceof HTMLElement) this.#open.get(oldest)?.('');

    const run = () => {
      clearTimeout(timer);
      if (notice.timeout !== undefined) timer = setTimeout(() => done(''), notice.timeout);
    };
    run();
    // Who is reading or choosing is not hurried.
    if (!dialog) {
      element.addEventListener('mouseenter', () => clearTimeout(timer));
      element.addEventListener('mouseleave', run);
    }
    return { close: remove };
  }

  /** The keyboard to the newest that waits for an answer, else to the newest at all. False: there is none. */
  focus(): boolean {
    const newest = this.#dialogs.lastElementChild ?? this.#toasts.lastElementChild;
    const control = newest?.querySelector<HTMLElement>('.notice-buttons button, a, button');
    control?.focus();
    return control !== null && control !== undefined;
  }

  clear(): void {
    for (const element of this.#open.keys()) element.remove();
    this.#open.clear();
  }

  #build(notice: Notice, message: string, dialog: boolean): HTMLElement {
    const done = (name: string) => this.#open.get(element)?.(name);
    const id = `notice-${crypto.getRandomValues(new Uint32Array(1)).join('')}`;
    const text = h('div', { class: 'notice-text' });
    if (notice.title)
      text.append(h('strong', { class: 'notice-title', text: notice.title, attributes: { dir: 'auto' } }));
    text.append(h('p', { class: 'notice-message', text: message, attributes: { id, dir: 'auto' } }));
    if (notice.link) {
      const { url, label } = notice.link;
      const link = h('a', {
        class: 'button primary',
        text: label,
        title: url,
        attributes: { href: url, target: '_blank', rel: 'noopener noreferrer' },
        onClick: () => done(''),
      });
      text.append(h('span', { class: 'notice-url', text: url }), h('div', { class: 'notice-buttons' }, link));
    }
    const close = button(
      { class: 'icon-button notice-close', title: this.#strings.text('close'), onClick: () => done('') },
      icon('close'),
    );
    close.setAttribute('aria-label', this.#strings.text('close'));
    const element = h('div', {
      class: dialog ? 'notice dialog' : 'notice',
      attributes: {
        role: dialog ? 'dialog' : 'group',
        ...(dialog ? { 'aria-describedby': id } : {}),
        'aria-label': notice.title ?? message.slice(0, 80),
        'data-icon': notice.icon,
      },
    });
    const shown = iconFor(notice.icon);
    if (shown) element.append(h('span', { class: 'notice-icon' }, icon(shown)));
    element.append(text, close);
    if (dialog) text.append(this.#buttons(notice, done));
    element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') done('');
    });
    return element;
  }

  #buttons(notice: Notice, done: (name: string) => void): HTMLElement {
    const buttons = notice.buttons.map(({ name, label }, index) =>
      button({ class: index === 0 ? 'button primary' : 'button', text: label, onClick: () => done(name) }),
    );
    return h('div', { class: 'notice-buttons' }, ...buttons);
  }
}

function iconFor(name: Notice['icon']): IconName | undefined {
  return name === 'none' ? undefined : name;
}
