/** Types of `createDesktop`, without anything behind them, for those who use the package. */

export type Scaling = 'remote' | 'fit' | 'none';

export type ComboName =
  | 'ctrl-alt-delete'
  | 'ctrl-alt-backspace'
  | 'alt-f4'
  | 'alt-tab'
  | 'ctrl-w'
  | 'super'
  | 'print-screen'
  | 'escape';

export interface Credentials {
  readonly password?: string;
  readonly username?: string;
}

/** The key that a server with a login of the kind RSA-AES proves to have. */
export interface ServerKey {
  readonly bits: number;
  /** `SHA256:` and the key's digest in base64: what `serverKeys` takes. */
  readonly fingerprint: string;
  /** Sixteen hexadecimal digits in pairs, for people to compare with what other viewers show. */
  readonly short: string;
}

export interface DesktopEvents {
  /** There is a connection and its first picture. */
  connected: { width: number; height: number; name: string };
  /** Once for each connection. `code` is of the error catalogue; absent: the server or the page ended it. */
  disconnected: { code?: string; reason: string };
  resize: { width: number; height: number };
  name: { name: string };
  bell: Record<string, never>;
  /** Text was copied in the session. */
  clipboard: { text: string };
  /** Something copied, here or there, was too long to be handed over. `code` is of the error catalogue. */
  clipboardRefused: { code: string };
  capabilities: { resize: boolean };
}

export interface CreateDesktopOptions {
  /** Address of a WebSocket that carries RFB, such as websockify's: `wss://host/path`. */
  readonly url: string;
  /** Subprotocols to offer; old relays want `['binary']`. */
  readonly protocols?: readonly string[];
  readonly credentials?: Credentials;
  /** Fingerprints of the keys that the server may have, where it has one (RSA-AES). */
  readonly serverKeys?: readonly string[];
  /** Asked about every other key; nothing is sent before the answer. Absent: such a server is refused. */
  readonly verifyServer?: (key: ServerKey) => boolean | Promise<boolean>;
  /** Whether others may stay connected; default true. */
  readonly shared?: boolean;
  readonly viewOnly?: boolean;
  /** Default `fit`: the picture is scaled to the element. `remote` asks the server to follow the element's size. */
  readonly scaling?: Scaling;
  /** JPEG quality 0 (small) to 9 (good); absent: lossless. */
  readonly quality?: number;
  /** 0 (fast) to 9 (small); default 2. */
  readonly compression?: number;
  /**
   * Whether to ask the server for its clipboard in Unicode, where it has the extended one. Default false: a server may
   * still send what was copied, in Latin-1 and unasked for.
   */
  readonly clipboard?: boolean;
  /** What a screen reader calls the desktop. */
  readonly label?: string;
  /** Ctrl+Alt+Shift was let go of without another key: the keyboard is to leave the desktop. */
  readonly onLeave?: () => void;
}

/** One remote desktop on one element. */
export interface RemoteDesktop {
  readonly element: HTMLElement;
  readonly connected: boolean;
  /** Pixels of the session; 0 × 0 before the first connection. */
  readonly size: { readonly width: number; readonly height: number };
  scaling: Scaling;
  viewOnly: boolean;
  /** Listens; returns the way to stop. */
  on<Name extends keyof DesktopEvents>(event: Name, listener: (body: DesktopEvents[Name]) => void): () => void;
  /** Connects again, by the same address unless another is given. The last picture stays until the new one comes. */
  reconnect(options?: { readonly url?: string; readonly credentials?: Credentials }): void;
  disconnect(): void;
  focus(): void;
  blur(): void;
  sendCombo(name: ComboName): void;
  /** X keysyms, pressed in this order and released in the opposite one. */
  sendKeys(keysyms: readonly number[]): void;
  /** Puts text on the session's clipboard; in Latin-1 where the server has no other, or `clipboard` was not asked for. */
  clipboard(text: string): void;
  setQuality(quality: number | null, compression: number): void;
  screenshot(): Promise<{ width: number; height: number; rgba: Uint8ClampedArray }>;
  /** Ends everything and gives the element back, empty. */
  dispose(): void;
}
