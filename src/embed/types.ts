/**
 * What is said between the viewer's frame and the page around it, as types without any package behind them, for those
 * who embed it. `messages.ts` has the same as schemas; a test holds the two together.
 */

/** Who one is in a session. Only `master` and `controller` have the keyboard and the mouse. */
export type Role = 'master' | 'controller' | 'viewer' | 'inactive' | 'master-viewer';

/** `remote`: the session follows the frame's size. `fit`: the picture is scaled. `none`: neither. */
export type Scaling = 'remote' | 'fit' | 'none';

export interface ViewerUi {
  toolbar?: boolean | undefined;
  viewOnly?: boolean | undefined;
  scaling?: Scaling | undefined;
  /** JPEG quality 0 (small) to 9 (good); absent: lossless. */
  quality?: number | undefined;
  /** A BCP 47 tag such as `de-CH`; absent: the browser's. */
  locale?: string | undefined;
  theme?: 'light' | 'dark' | 'auto' | undefined;
  /** Whether `clipboard` tells what is copied in the session. */
  clipboard?: boolean | undefined;
}

export interface SessionClient {
  id: string;
  login: string;
  role: Role;
  /** Milliseconds since 1970. */
  connected: number;
  ip?: string | undefined;
}

/** `nextAt` is in milliseconds since 1970, 0 while an attempt is under way. `code` is one of the error catalogue. */
export type ViewerState =
  | { state: 'loading' }
  | { state: 'authenticating' }
  | { state: 'connecting' }
  | { state: 'connected' }
  | { state: 'reconnecting'; attempt: number; nextAt: number }
  | { state: 'disconnected'; code: string; reason: string; recoverable: boolean }
  | { state: 'ended'; exitCode?: number | null | undefined; reason?: string | undefined };

export interface Level {
  min?: number | undefined;
  max?: number | undefined;
  current?: number | undefined;
}

/** Settings by their documented numbers. */
export interface Settings {
  /** Keyboard. */
  '1'?: { layout?: number | undefined; type?: number | undefined } | undefined;
  /** Geometry, in pixels. */
  '2'?: { width: number; height: number } | undefined;
  /** Network autodetection. */
  '3'?: { enabled: boolean } | undefined;
  /** Compression. */
  '4'?: Level | undefined;
  /** Frame rate. */
  '5'?: Level | undefined;
  /** Frame window. */
  '6'?: Level | undefined;
}

/** What the viewer says, by name. */
export interface FromViewer {
  connected: { id: string; width: number; height: number; role?: Role | undefined };
  /** The session ended with an error: a sentence, with its code beside it. */
  error: string;
  /** The session ended as it should. */
  disconnect: string;
  'security.password': Record<string, never>;
  'security.none': Record<string, never>;
  'settings.update': Settings;
  state: ViewerState;
  role: { role: Role };
  participants: { clients: SessionClient[] };
  resize: { width: number; height: number };
  title: { title: string };
  clipboard: { text: string };
  /** Counters since the connection began; members may come and go. */
  stats: Record<string, unknown>;
  /** When something will end the session; `null`: nothing is going to. */
  deadline: { at: number; reason: string; extendable: boolean } | null;
  fullscreen: { active: boolean };
}

/** What gives access to a session: the answer of `POST /api/connect`, of which `id` and `password` are what counts. */
export interface Ticket {
  /** The ticket itself: single use, good for 60 s. */
  password?: string | undefined;
  id?: string | undefined;
  username?: string | undefined;
  geometry?: string | undefined;
  serverId?: string | undefined;
  role?: Role | undefined;
  ui?: ViewerUi | undefined;
}

/** Key combinations that a browser keeps for itself. */
export type KeyCombo =
  | 'ctrl-alt-delete'
  | 'ctrl-alt-backspace'
  | 'alt-f4'
  | 'alt-tab'
  | 'ctrl-w'
  | 'super'
  | 'print-screen'
  | 'escape';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** What a page may ask of the viewer, by name. */
export interface FromParent {
  'security.password': Ticket;
  'security.none': Record<string, never>;
  'settings.update': Settings;
  disconnect: Record<string, never> | undefined;
  reconnect: Record<string, never> | undefined;
  focus: Record<string, never> | undefined;
  blur: Record<string, never> | undefined;
  fullscreen: { active?: boolean | undefined } | undefined;
  clipboard: { text: string };
  keys: { combo: KeyCombo } | { keysyms: number[] };
  scaling: { mode: Scaling };
  'role.request': { role: Role };
  screenshot: Record<string, never> | undefined;
  ticket: Ticket;
  clientcomm: { type: string; data: JsonValue };
}

export interface Envelope {
  msg: string;
  body?: unknown;
  v?: number | undefined;
  number?: number | undefined;
  result?: unknown;
  error?: { name: string; message?: string | undefined } | undefined;
  ack?: true | undefined;
  code?: string | undefined;
  from?: string | undefined;
}

export type FromViewerName = keyof FromViewer;
export type FromParentName = keyof FromParent;
