/**
 * Says when a limit of the session's profile is near: which, how long it is to it, and a button that puts it off where
 * that can be. Beside the desktop, whose keyboard it never takes; who wants the button leaves the desktop by keyboard.
 */
import type { Deadline } from '../contract/session.ts';
import { button, h, icon } from './dom.ts';
import type { StringKey, Strings } from './strings.ts';

type Near = NonNullable<Deadline>;

/** Screen readers hear the time left at these moments, in seconds, and not every second. */
const SPOKEN = [60, 30, 10];

const TITLES: Readonly<Record<string, StringKey>> = {
  'idle-disconnected': 'deadlineIdle',
  'run-time-over': 'deadlineRunTime',
};

/** `4:05`, `0:09`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export interface DeadlineActions {
  readonly onExtend: () => void;
  readonly giveBackFocus: () => void;
  /** How the keyboard leaves the desktop. */
  readonly howToLeave: () => string;
  readonly now?: () => number;
}

export class DeadlineNotice {
  readonly element: HTMLElement;
  readonly #strings: Strings;
  readonly #actions: DeadlineActions;
  readonly #spoken: HTMLElement;
  #card: HTMLElement | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(strings: Strings, actions: DeadlineActions) {
    this.#strings = strings;
    this.#actions = actions;
    this.#spoken = h('div', { class: 'visually-hidden', attributes: { role: 'status', 'aria-live': 'assertive' } });
    this.element = h('div', { class: 'deadline-place' }, this.#spoken);
  }

  /** `null` takes it down. */
  show(deadline: Deadline): void {
    clearInterval(this.#timer);
    const focused = this.#card?.contains(this.element.ownerDocument.activeElement) ?? false;
    this.#card?.remove();
    this.#card = undefined;
    if (deadline === null) {
      this.#spoken.textContent = '';
      if (focused) this.#actions.giveBackFocus();
      return;
    }
    const { card, time, extend } = this.#build(deadline);
    this.#card = card;
    this.element.append(card);
    if (focused) (extend ?? card).focus();
    this.#run(deadline, time);
  }

  /** The keyboard to the button. False: there is none. */
  focus(): boolean {
    const extend = this.#card?.querySelector('button');
    extend?.focus();
    return extend !== null && extend !== undefined;
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.element.remove();
  }

  #build(deadline: Near): { card: HTMLElement; time: HTMLElement; extend: HTMLElement | undefined } {
    const { text } = this.#strings;
    const time = h('span', { class: 'deadline-time', attributes: { role: 'timer', 'aria-live': 'off' } });
    const extend = deadline.extendable
      ? button({
          class: 'button primary',
          text: text(deadline.reason === 'idle-disconnected' ? 'deadlineStay' : 'deadlineExtend'),
          onClick: () => this.#actions.onExtend(),
        })
      : undefined;
    const title = text(TITLES[deadline.reason] ?? 'deadlineOther');
    const card = h(
      'div',
      { class: 'notice deadline', attributes: { role: 'group', 'aria-label': title, tabindex: '-1' } },
      h('span', { class: 'notice-icon' }, icon('warning')),
      h('div', { class: 'notice-text' }, h('strong', { class: 'notice-title', text: title }), time),
    );
    if (extend) card.append(extend);
    return { card, time, extend };
  }

  #run(deadline: Near, time: HTMLElement): void {
    const now = this.#actions.now ?? Date.now;
    const title = this.#strings.text(TITLES[deadline.reason] ?? 'deadlineOther');
    let said = Infinity;
    const tick = () => {
      const left = deadline.at - now();
      time.textContent = countdown(left);
      const seconds = Math.ceil(left / 1000);
      const moment = said === Infinity ? seconds : SPOKEN.findLast((one) => seconds <= one && one < said);
      if (moment === undefined) return;
      said = moment;
      const { text } = this.#strings;
      const how = deadline.reason === 'idle-disconnected' ? 'deadlineIdleHint' : 'deadlineHint';
      const hint = deadline.extendable ? ` ${text(how, { how: this.#actions.howToLeave() })}` : '';
      this.#spoken.textContent = `${title} ${text('deadlineLeft', { time: countdown(left) })}${hint}`;
    };
    tick();
    this.#timer = setInterval(tick, 250);
  }
}
