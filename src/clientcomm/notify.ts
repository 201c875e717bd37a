/** `fx-notify`: what is to be shown, from text or JSON (seeds 002 and 003, contract section 5). */

export const NOTIFY_ICONS = ['none', 'information', 'question', 'warning', 'critical'] as const;
export type NotifyIcon = (typeof NOTIFY_ICONS)[number];

/** The documented buttons. Viewers translate these; any other is shown as it was written. */
export const KNOWN_BUTTONS = [
  'Ok',
  'Open',
  'Save',
  'Cancel',
  'Close',
  'Discard',
  'Apply',
  'Reset',
  'RestoreDefaults',
  'Help',
  'SaveAll',
  'Yes',
  'YesToAll',
  'No',
  'NoToAll',
  'Abort',
  'Retry',
  'Ignore',
] as const;
export type KnownButton = (typeof KNOWN_BUTTONS)[number];

export interface NotifyButton {
  /** As the script spelled it: this is what the answer holds. */
  readonly name: string;
  /** Which of the documented buttons it is, compared without case. */
  readonly known: KnownButton | undefined;
}

export interface Notify {
  readonly message: string;
  readonly title: string | undefined;
  /** Milliseconds until it goes away by itself. */
  readonly timeout: number | undefined;
  readonly icon: NotifyIcon;
  readonly buttons: readonly NotifyButton[];
}

/** More than these no screen has room for; a script that sends them has a mistake in it. */
const MAX_BUTTONS = 24;
const MAX_BUTTON_LENGTH = 200;
const MAX_TITLE_LENGTH = 1000;
/** The longest a browser's timer can wait; a longer time means the same to whoever looks at it. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The data as a JSON object, or `undefined` when it is anything else. */
export function parseObject(data: string): Readonly<Record<string, unknown>> | undefined {
  // Most notifications are plain text, and JSON.parse throws slowly.
  if (!/^\s*\{/.test(data)) return undefined;
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a notification; nothing is refused. What is not a JSON object is the text. A `message` that is missing or blank
 * shows the whole data instead, so that the script's author sees what was sent; members of a wrong type are left out.
 */
export function parseNotify(data: string): Notify {
  const object = parseObject(data);
  if (!object) return { message: data, title: undefined, timeout: undefined, icon: 'none', buttons: [] };
  const { message, title, timeout, icon, buttons } = object;
  return {
    message: typeof message === 'string' && message.trim() !== '' ? message : data,
    title: typeof title === 'string' && title.trim() !== '' ? title.slice(0, MAX_TITLE_LENGTH) : undefined,
    timeout: typeof timeout === 'number' && timeout > 0 ? Math.min(timeout, MAX_TIMEOUT_MS) : undefined,
    icon: parseIcon(icon),
    buttons: Array.isArray(buttons) ? parseButtons(buttons) : [],
  };
}

function parseIcon(icon: unknown): NotifyIcon {
  if (typeof icon !== 'string') return 'none';
  const name = icon.trim().toLowerCase();
  return NOTIFY_ICONS.find((known) => known === name) ?? 'none';
}

/** Names that only differ in case are one button, the first. */
function parseButtons(names: readonly unknown[]): NotifyButton[] {
  const buttons = new Map<string, NotifyButton>();
  for (const name of names) {
    if (typeof name !== 'string' || name.trim() === '' || name.length > MAX_BUTTON_LENGTH) continue;
    const key = name.trim().toLowerCase();
    if (buttons.has(key) || buttons.size >= MAX_BUTTONS) continue;
    buttons.set(key, { name, known: KNOWN_BUTTONS.find((known) => known.toLowerCase() === key) });
  }
  return [...buttons.values()];
}

/** The answer's data. An empty name: closed, run out, or nothing to choose from. */
export function notifyAnswer(button: string): string {
  return JSON.stringify({ button });
}
