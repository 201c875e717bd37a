/** What is behind `createDesktop`: one `Desktop`, and events without anything of the screen's inside. */
import type { OpenOptions, ScreenEvent } from '../screen/client.ts';
import { Desktop, type DesktopOptions } from './desktop.ts';
import type { CreateDesktopOptions, DesktopEvents, RemoteDesktop } from './sdk-types.ts';

/** What a desktop changes about its element, besides its style's own members. */
const ATTRIBUTES = ['tabindex', 'style', 'role', 'aria-label'] as const;

type Listeners = { [Name in keyof DesktopEvents]?: Set<(body: DesktopEvents[Name]) => void> };

export function makeDesktop(
  element: HTMLElement,
  options: CreateDesktopOptions & Pick<DesktopOptions, 'createScreen'>,
): RemoteDesktop {
  const listeners: Listeners = {};
  let name = '';
  let { url, credentials } = options;
  const was = ATTRIBUTES.map((name) => [name, element.getAttribute(name)] as const);

  function emit<Name extends keyof DesktopEvents>(event: Name, body: DesktopEvents[Name]): void {
    for (const listener of listeners[event] ?? []) listener(body);
  }

  function onEvent(event: ScreenEvent): void {
    switch (event.type) {
      case 'connected':
        ({ name } = event);
        break;
      case 'painted-first':
        emit('connected', { ...desktop.size, name });
        break;
      case 'resize':
        emit('resize', { width: event.width, height: event.height });
        break;
      case 'name':
        ({ name } = event);
        emit('name', { name });
        break;
      case 'bell':
        emit('bell', {});
        break;
      case 'clipboard':
        emit('clipboard', { text: event.text });
        break;
      case 'clipboard-refused':
        emit('clipboardRefused', { code: event.code });
        break;
      case 'capabilities':
        emit('capabilities', { resize: event.setDesktopSize });
        break;
      case 'closed':
        emit(
          'disconnected',
          event.error ? { code: event.error.code, reason: event.error.detail } : { reason: event.reason },
        );
        break;
      case 'text':
      case 'server-key':
      case 'cursor':
      case 'cursor-position':
      case 'leds':
        break;
    }
  }

  const desktop = new Desktop(element, {
    onEvent,
    scaling: options.scaling ?? 'fit',
    viewOnly: options.viewOnly ?? false,
    ...(options.label === undefined ? {} : { label: options.label }),
    ...(options.onLeave ? { onLeave: options.onLeave } : {}),
    ...(options.verifyServer ? { verifyServer: options.verifyServer } : {}),
    ...(options.createScreen ? { createScreen: options.createScreen } : {}),
  });

  function open(): void {
    const { protocols, shared, quality, compression, serverKeys, clipboard } = options;
    const opening: OpenOptions = {
      transport: { kind: 'websocket', url, ...(protocols ? { protocols: [...protocols] } : {}) },
      ...credentials,
      ...(serverKeys ? { serverKeys: [...serverKeys] } : {}),
      ...(shared === undefined ? {} : { shared }),
      ...(quality === undefined ? {} : { quality }),
      ...(compression === undefined ? {} : { compression }),
      ...(clipboard === undefined ? {} : { clipboard }),
    };
    desktop.open(opening);
  }
  open();

  return {
    element,
    get connected() {
      return desktop.connected;
    },
    get size() {
      return desktop.size;
    },
    get scaling() {
      return desktop.scaling;
    },
    set scaling(scaling) {
      desktop.scaling = scaling;
    },
    get viewOnly() {
      return desktop.viewOnly;
    },
    set viewOnly(viewOnly) {
      desktop.viewOnly = viewOnly;
    },
    on(event, listener) {
      const set: Set<typeof listener> = listeners[event] ?? new Set();
      Object.assign(listeners, { [event]: set });
      set.add(listener);
      return () => set.delete(listener);
    },
    reconnect(next = {}) {
      url = next.url ?? url;
      credentials = next.credentials ?? credentials;
      open();
    },
    disconnect: () => desktop.close(),
    focus: () => desktop.focus(),
    blur: () => desktop.blur(),
    sendCombo: (combo) => desktop.sendCombo(combo),
    sendKeys: (keysyms) => desktop.sendKeysyms(keysyms),
    clipboard: (text) => desktop.clipboard(text),
    setQuality: (quality, compression) => desktop.setQuality(quality, compression),
    screenshot: () => desktop.screenshot(),
    dispose() {
      desktop.dispose();
      for (const [attribute, value] of was) {
        if (value === null) element.removeAttribute(attribute);
        else element.setAttribute(attribute, value);
      }
    },
  };
}
