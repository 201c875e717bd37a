/** What lies over the desktop while there is none: waiting, lost with a countdown, ended, or what is wrong and what to do. */
import type { ViewerState } from '../embed/messages.ts';
import { button, h, icon, type IconName } from './dom.ts';
import { ERRORS_EN, isKnownError } from './error-words.ts';
import type { StringKey, Strings } from './strings.ts';

export interface OverlayActions {
  readonly onReconnect: () => void;
}

interface Card {
  readonly icon: IconName | 'spinner';
  readonly title: string;
  readonly lines: readonly string[];
  readonly code?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Over the last picture, which stays visible, instead of a page of its own. */
  readonly over: boolean;
}

/** Codes for which a person has to fetch a new link. */
const REOPEN = /^(ticket-|resume-|kicked|session-unknown|forbidden|origin-denied)/;

export class Overlay {
  readonly element: HTMLElement;
  readonly #strings: Strings;
  readonly #actions: OverlayActions;
  readonly #giveBackFocus: () => void;
  #countdown: ReturnType<typeof setInterval> | undefined;
  /** There has been a picture, which stays behind what is shown. */
  #pictured = false;
  #hadFocus = false;

  constructor(strings: Strings, actions: OverlayActions, giveBackFocus: () => void) {
    this.#strings = strings;
    this.#actions = actions;
    this.#giveBackFocus = giveBackFocus;
    this.element = h('div', { class: 'overlay', attributes: { 'aria-live': 'polite' } });
  }

  /** `detail`: for an unreadable address, the member that is wrong. `waiting`: connected, but a guest not yet let in. */
  show(state: ViewerState, options: { detail?: string; waiting?: boolean } = {}): void {
    clearInterval(this.#countdown);
    if (state.state === 'connected') this.#pictured = true;
    const card = this.#card(state, options);
    const focused = this.element.ownerDocument.activeElement;
    const inside = this.element.contains(focused) && focused !== this.element;
    this.element.replaceChildren();
    this.element.hidden = card === undefined;
    if (!card) {
      if (inside || this.#hadFocus) this.#giveBackFocus();
      this.#hadFocus = false;
      return;
    }
    this.element.classList.toggle('over', card.over);
    const action = card.action
      ? button({ class: 'button primary', text: card.action.label, onClick: card.action.run })
      : undefined;
    this.element.append(this.#draw(card, action));
    if (action && (inside || focused === null || focused === document.body || focused.matches('.desktop'))) {
      this.#hadFocus = true;
      action.focus({ preventScroll: true });
    }
    if (state.state === 'reconnecting' && state.nextAt > 0) this.#count(state.nextAt);
  }

  dispose(): void {
    clearInterval(this.#countdown);
    this.element.remove();
  }

  #draw(card: Card, action: HTMLElement | undefined): HTMLElement {
    const picture =
      card.icon === 'spinner'
        ? h('span', { class: 'spinner' })
        : h('span', { class: 'card-icon', attributes: { 'data-icon': card.icon } }, icon(card.icon));
    const element = h('div', { class: 'card' }, picture, h('h1', { text: card.title }));
    for (const line of card.lines) element.append(h('p', { text: line, attributes: { dir: 'auto' } }));
    if (action) element.append(action);
    if (card.code)
      element.append(h('p', { class: 'code', text: this.#strings.text('errorCode', { code: card.code }) }));
    return element;
  }

  #card(state: ViewerState, options: { detail?: string; waiting?: boolean }): Card | undefined {
    const { text } = this.#strings;
    switch (state.state) {
      case 'loading':
      case 'authenticating':
      case 'connecting':
        return { icon: 'spinner', title: text(state.state), lines: [], over: this.#pictured };
      case 'connected':
        return options.waiting
          ? { icon: 'information', title: text('inactiveTitle'), lines: [text('inactiveText')], over: false }
          : undefined;
      case 'reconnecting':
        return {
          icon: 'lost',
          title: text('reconnectingTitle'),
          lines: [text('reconnectingNow')],
          action: this.#reconnect('reconnectNow'),
          over: this.#pictured,
        };
      case 'ended': {
        const code = state.exitCode ?? 0;
        const { reason = '' } = state;
        // A limit of the profile: the programs did not finish, so their code says nothing.
        if (reason !== 'session-not-running' && isKnownError(reason)) {
          const lines = [this.#strings.error(reason, '')];
          return { icon: 'information', title: text('endedTitle'), lines, code: reason, over: this.#pictured };
        }
        const lines = [text('endedText'), ...(code === 0 ? [] : [text('endedCode', { code })])];
        return { icon: 'check', title: text('endedTitle'), lines, over: this.#pictured };
      }
      case 'disconnected':
        break;
    }
    return this.#disconnected(state, options.detail);
  }

  #disconnected(state: Extract<ViewerState, { state: 'disconnected' }>, detail: string | undefined): Card {
    const { text, error } = this.#strings;
    const { code, reason, recoverable } = state;
    const action = recoverable ? { action: this.#reconnect('reconnect') } : {};
    if (code === 'disconnected' && recoverable) {
      const lines = [text('disconnectedText')];
      return { icon: 'disconnect', title: text('disconnectedTitle'), lines, over: this.#pictured, ...action };
    }
    if (code === 'idle-disconnected') {
      return {
        icon: 'disconnect',
        title: text('idleTitle'),
        lines: [error(code, '')],
        over: this.#pictured,
        code,
        ...action,
      };
    }
    const lines = [error(code, reason)];
    if (code === 'viewer-data')
      lines.push(...(detail ? [text('adviceMember', { member: detail })] : [text('adviceAddress')]));
    if (REOPEN.test(code) || code === 'viewer-data') lines.push(text('adviceReopen'));
    else if (recoverable) lines.push(text('adviceRetry'));
    // What the decoder saw helps whoever is asked for help; a server's own sentence is shown above already.
    const seen = isKnownError(code) && reason !== '' && reason !== ERRORS_EN[code] ? ` · ${reason.slice(0, 200)}` : '';
    return { icon: 'warning', title: text('errorTitle'), lines, code: code + seen, over: this.#pictured, ...action };
  }

  #reconnect(key: StringKey): { label: string; run: () => void } {
    return { label: this.#strings.text(key), run: () => this.#actions.onReconnect() };
  }

  /** A wait too short to be read is not counted down. */
  #count(nextAt: number): void {
    const line = this.element.querySelector('p');
    const tick = () => {
      const seconds = Math.ceil((nextAt - Date.now()) / 1000);
      if (line)
        line.textContent =
          seconds > 0 ? this.#strings.text('reconnectingIn', { seconds }) : this.#strings.text('reconnectingNow');
    };
    if (nextAt - Date.now() < 900) return;
    tick();
    this.#countdown = setInterval(tick, 250);
  }
}
