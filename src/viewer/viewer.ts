/**
 * The viewer: a desktop, the bar, what the session's scripts say, and the conversation with the page around it. This
 * file only ties them together; each is a room or a file of its own.
 */
import { readPreferences } from '../contract/preferences.ts';
import type { Deadline, Role } from '../contract/session.ts';
import type { ServerFrame, ViewerFrame, Welcome } from '../contract/socket.ts';
import type { ViewerUi } from '../contract/xrdp.ts';
import { Desktop, type ScreenPort } from '../desktop/desktop.ts';
import { PasswordAnswer, type ViewerState } from '../embed/messages.ts';
import type { ScreenEvent, Transport } from '../screen/client.ts';
import { keepForReload, readAddress } from './address.ts';
import { Asking } from './asking.ts';
import { Comm } from './comm.ts';
import { runCommand } from './commands.ts';
import { Connection } from './connection.ts';
import { DeadlineNotice } from './deadline.ts';
import { h } from './dom.ts';
import type { Feature, FeatureContext } from './feature.ts';
import { clipboard } from './features/clipboard.ts';
import { files } from './features/files.ts';
import { fullscreen } from './features/fullscreen.ts';
import { keyboard } from './features/keyboard.ts';
import { keyboardSettings } from './features/keyboard-settings.ts';
import { keys } from './features/keys.ts';
import { leaving } from './features/leaving.ts';
import { panning } from './features/scaling-pan.ts';
import { quality, type QualityFeature } from './features/quality.ts';
import { scaling } from './features/scaling.ts';
import { secondMonitor } from './features/second-monitor.ts';
import { statistics } from './features/statistics.ts';
import { staying } from './features/staying.ts';
import { pointerLock } from './features/pointer-lock.ts';
import { touch } from './features/touch.ts';
import { windows } from './features/windows.ts';
import { fetchFrameAncestors } from './frame-ancestors.ts';
import { Notices } from './notices.ts';
import { openUrl } from './open-url.ts';
import { Overlay } from './overlay.ts';
import { ParentLink } from './parent-link.ts';
import { Preferences } from './preferences.ts';
import { ResumeStore } from './resume-store.ts';
import { createStrings } from './strings.ts';
import { Toolbar } from './toolbar.ts';
import './viewer.css';

export interface ViewerOptions {
  /** Where the session's bytes come from; called for each connection anew. */
  readonly transport: (sessionId: string) => Transport;
  readonly createScreen?: (canvas: HTMLCanvasElement, onEvent: (event: ScreenEvent) => void) => ScreenPort;
  /** Sent with the first frame; ends up in the session's params. */
  readonly clientVersion?: string;
}

export interface Viewer {
  readonly state: ViewerState;
  dispose(): void;
}

/** Roles whose keyboard and mouse the session hears. */
const IN_CONTROL: readonly Role[] = ['master', 'controller'];

/** How often an embedding page hears `stats`. */
const STATS_MS = 5000;

/** Reads the page's address and fills `root` with a viewer. One to a page: it owns the address, title and focus. */
export function startViewer(root: HTMLElement, options: ViewerOptions): Viewer {
  const window = root.ownerDocument.defaultView;
  if (!window) throw new TypeError('the element belongs to no window');
  const { document } = window;
  const opened = readAddress(window);
  const slot = opened.kind === 'unreadable' ? '' : opened.slot;
  let ui: ViewerUi = opened.kind === 'data' ? (opened.data.ui ?? {}) : opened.kind === 'again' ? opened.ui : {};
  let sessionId = opened.kind === 'data' ? opened.data.id : opened.kind === 'again' ? opened.id : '';
  let role: Role = 'master';
  let near: Deadline = null;

  const kept = readPreferences(() => window.localStorage);
  const strings = createStrings(ui.locale ?? kept.locale ?? window.navigator.language);
  document.documentElement.lang = strings.language;
  document.documentElement.dataset['theme'] = ui.theme ?? kept.theme ?? 'dark';

  const host = h('div', { class: 'desktop' });
  const focusDesktop = () => desktop.focus();
  const notices = new Notices(strings, focusDesktop);
  const overlay = new Overlay(strings, { onReconnect: () => connection.reconnect() }, focusDesktop);
  const preferences = new Preferences(() => window.localStorage);
  const toolbar = new Toolbar(strings, preferences, {
    onDisconnect: () => connection.disconnect(),
    onLeave: focusDesktop,
  });
  root.classList.add('viewer');
  const deadline = new DeadlineNotice(strings, {
    onExtend: () => send({ t: 'extend' }),
    giveBackFocus: focusDesktop,
    howToLeave: () => exit.how(),
  });
  root.replaceChildren(toolbar.element, host, overlay.element, notices.element, deadline.element);

  let picture: QualityFeature | undefined;
  // The worker and the decoder load from here on, whether or not there is a ticket yet.
  const desktop = new Desktop(host, {
    label: strings.text('desktop'),
    scaling: ui.scaling ?? 'remote',
    viewOnly: ui.viewOnly ?? false,
    onEvent: onScreen,
    onRatio: () => picture?.ratioChanged(),
    onLeave: () => {
      if (!deadline.focus() && !notices.focus()) toolbar.focus();
    },
    onClicked: () => pointing.clicked(),
    onPointerLock: (locked) => held.changed(locked),
    onOtherLayout: (code, key) => typing.otherLayout(code, key),
    typeText: (text) => typing.type(text),
    onPaste: (data) => copies.pasted(data),
    ...(options.createScreen ? { createScreen: options.createScreen } : {}),
  });

  const parent = new ParentLink(window, {
    onCommand: (command) =>
      runCommand(command, {
        desktop,
        connection,
        setScaling: (mode) => size.choose(mode),
        toggleFullscreen: (active) => screen.toggle(active),
        paste: (text) => copies.paste(text),
        useTicket,
        asking,
        role: () => role,
        applied: (settings) => parent.tell('settings.update', settings),
      }),
    discover: () => fetchFrameAncestors(window.fetch.bind(window), window.location),
  });
  const asking = new Asking((message) => send({ t: 'clientcomm', message }));
  const comm = new Comm({
    send: (answer) => send({ t: 'answer', answer }),
    notices,
    parent,
    strings,
    openUrl: (url) => openUrl(window, url),
    offerFile: (offer, outcome) => transfer.offer(offer, outcome),
  });
  const connection = new Connection({
    open: (hello) => desktop.open({ transport: options.transport(sessionId), hello }),
    close: () => desktop.close(),
    sendText: (json) => desktop.sendText(json),
    received: async () => (await desktop.stats()).bytesIn,
    onState,
    onWelcome,
    onFrame,
    resume: new ResumeStore(() => window.sessionStorage, slot),
    askTicket,
    ...(options.clientVersion === undefined ? {} : { clientVersion: options.clientVersion }),
    parentOrigin: () => parent.origin,
    random: Math.random,
  });

  const context: FeatureContext = {
    window,
    root,
    desktop,
    toolbar,
    notices,
    strings,
    preferences,
    send,
    ui: () => ui,
    keep(change) {
      ui = { ...ui, ...change };
      if (sessionId !== '') keepForReload(window, sessionId, slot, ui);
    },
  };
  const pointing = touch(context);
  const held = pointerLock(context);
  const size = scaling(context);
  const transfer = files(context);
  const screen = fullscreen(context, (active) => parent.tell('fullscreen', { active }));
  const copies = clipboard(context, (text) => parent.tell('clipboard', { text }));
  const typing = keyboard(context);
  const exit = leaving(context);
  const pan = panning(context);
  picture = quality(context);
  const features: readonly Feature[] = [
    typing,
    exit,
    keys(context),
    keyboardSettings(context, typing, exit),
    copies,
    windows(context),
    size,
    pan,
    picture,
    secondMonitor(context),
    statistics(context),
    transfer,
    screen,
    pointing,
    held,
    staying(context),
  ];

  function send(frame: ViewerFrame): void {
    desktop.sendText(JSON.stringify(frame));
  }

  /** Asks the page around us for a ticket; what else it answers says which session a warm frame is for. */
  async function askTicket(): Promise<string | undefined> {
    if (!parent.embedded) return undefined;
    const answer = await parent.ask('security.password', {});
    const parsed = PasswordAnswer.safeParse(answer.body ?? answer.result);
    return parsed.success ? take(parsed.data) : undefined;
  }

  function take(answer: PasswordAnswer): string | undefined {
    if (answer.id !== undefined && answer.id !== '') sessionId = answer.id;
    if (answer.ui) {
      ui = { ...ui, ...answer.ui };
      if (answer.ui.scaling) size.choose(answer.ui.scaling);
      if (answer.ui.quality !== undefined) picture?.choose(answer.ui.quality);
      applyRole(role);
    }
    if (sessionId === '' || !answer.password) return undefined;
    keepForReload(window ?? globalThis.window, sessionId, slot, ui);
    return answer.password;
  }

  function useTicket(answer: PasswordAnswer): boolean {
    const ticket = take(answer);
    if (ticket !== undefined) connection.start(ticket);
    return ticket !== undefined;
  }

  function onScreen(event: ScreenEvent): void {
    connection.event(event);
    for (const feature of features) feature.onScreen?.(event);
    if (event.type === 'resize' && desktop.connected) {
      const { width, height } = event;
      parent.tell('resize', { width, height });
      parent.tell('settings.update', { '2': { width, height } });
    }
  }

  function onWelcome(welcome: Welcome): void {
    parent.allow(welcome.parents);
    for (const feature of features) feature.onWelcome?.(welcome);
    toolbar.name = welcome.session.name;
    document.title = welcome.session.name;
    applyRole(welcome.role);
    parent.tell('title', { title: welcome.session.name });
    onDeadline(welcome.session.deadline ?? null);
  }

  function onFrame(frame: ServerFrame): void {
    for (const feature of features) feature.onFrame?.(frame);
    if (frame.t === 'clientcomm') comm.receive(frame.message);
    else if (frame.t === 'cancel') comm.cancel(frame.number);
    else if (frame.t === 'answer') asking.answer(frame.answer);
    else if (frame.t === 'deadline') onDeadline(frame.deadline);
    else if (frame.t === 'role') {
      applyRole(frame.role);
      parent.tell('role', { role });
    } else if (frame.t === 'participants') parent.tell('participants', { clients: frame.clients });
  }

  function onDeadline(next: Deadline): void {
    near = next;
    showDeadline();
    parent.tell('deadline', next);
  }

  /** Who only watches can neither put it off nor is asked to. */
  function showDeadline(): void {
    deadline.show(near && { ...near, extendable: near.extendable && IN_CONTROL.includes(role) });
  }

  function applyRole(next: Role): void {
    const other = role !== next;
    role = next;
    if (other && near) showDeadline();
    toolbar.role = next;
    const inControl = ui.viewOnly !== true && IN_CONTROL.includes(next);
    desktop.viewOnly = !inControl;
    for (const feature of features) feature.onRole?.(next, inControl);
    if (connection.state.state === 'connected') overlay.show(connection.state, { waiting: next === 'inactive' });
  }

  function onState(state: ViewerState): void {
    root.dataset['state'] = state.state;
    toolbar.state = state.state;
    for (const feature of features) feature.onState?.(state);
    toolbar.element.classList.toggle('off', ui.toolbar === false);
    overlay.show(state, {
      waiting: role === 'inactive',
      ...(opened.kind === 'unreadable' && opened.member ? { detail: opened.member } : {}),
    });
    parent.tell('state', state);
    if (state.state === 'connected') {
      focusIfNothingIs();
      parent.tell('connected', { id: sessionId, ...desktop.size, role });
      parent.tell('settings.update', { '2': { ...desktop.size } });
    } else if (state.state === 'ended') {
      parent.tell('disconnect', strings.text('endedTitle'), 'ended');
      lost();
    } else if (state.state === 'disconnected') {
      const normal = state.code === 'disconnected';
      parent.tell(normal ? 'disconnect' : 'error', strings.error(state.code, state.reason), state.code);
      lost();
    } else lost();
  }

  /** Questions end with their connection, both ways. */
  function lost(): void {
    near = null;
    deadline.show(null);
    comm.lost();
    asking.lost();
  }

  /** How the line and the picture do, for whoever embeds the viewer. */
  async function tellStats(): Promise<void> {
    const stats = await desktop.stats();
    if (desktop.connected) parent.tell('stats', { ...stats });
  }

  /** The keyboard is the desktop's unless something else on the page was chosen. */
  function focusIfNothingIs(): void {
    const { activeElement } = document;
    if (desktop.connected && (activeElement === null || activeElement === document.body)) desktop.focus();
  }

  const telling = setInterval(() => {
    // A worker that is gone has nothing to tell.
    if (parent.embedded && desktop.connected) tellStats().catch(() => undefined);
  }, STATS_MS);
  const listening = new AbortController();
  const { signal } = listening;
  const wake = () => {
    if (!document.hidden) connection.wake();
  };
  window.addEventListener('online', wake, { signal });
  document.addEventListener('visibilitychange', wake, { signal });
  // A page around us gives the keyboard to the frame, not to anything in it.
  window.addEventListener('focus', focusIfNothingIs, { signal });
  // Another session's link pasted into this tab changes nothing but the fragment.
  window.addEventListener('hashchange', () => window.location.reload(), { signal });
  onState(connection.state);
  if (opened.kind === 'unreadable') connection.fail('viewer-data', '');
  else if (opened.kind === 'data') {
    // Pages written for the documented protocol hear that no step of theirs is needed.
    if (opened.data.password !== undefined) parent.tell('security.none', {});
    connection.start(opened.data.password);
  } else if (opened.kind === 'again' || parent.embedded) connection.start();
  else connection.fail('ticket-missing', '');

  return {
    get state() {
      return connection.state;
    },
    dispose() {
      listening.abort();
      clearInterval(telling);
      asking.lost();
      connection.dispose();
      parent.dispose();
      for (const feature of features) feature.dispose?.();
      notices.clear();
      deadline.dispose();
      toolbar.dispose();
      overlay.dispose();
      desktop.dispose();
      root.replaceChildren();
    },
  };
}
