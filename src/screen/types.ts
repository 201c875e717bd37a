/** What a screen is opened with, and what it tells. Shared by the page's side and the worker's, so it knows no DOM. */
import type { ErrorCode } from '../contract/errors.ts';
import type { Area } from '../rfb/events.ts';
import type { PixelEncoding, Subsampling } from '../rfb/encodings.ts';
import type { ServerKey } from '../rfb/events.ts';

export type { ServerKey } from '../rfb/events.ts';

export type { Area } from '../rfb/events.ts';

/** Where the bytes come from. `port` carries `ArrayBuffer` (RFB) and `string` (JSON) both ways, for the demo and tests. */
export type Transport = { kind: 'websocket'; url: string; protocols?: string[] } | { kind: 'port'; port: MessagePort };

export interface OpenOptions {
  transport: Transport;
  /** First text frame, where the side channel is spoken. Absent: a plain RFB server behind a WebSocket relay. */
  hello?: string;
  /** Leave other clients connected; default true. */
  shared?: boolean;
  /** Send no input, whatever is called. */
  viewOnly?: boolean;
  /** For servers that ask: VncAuth, VeNCrypt Plain, RSA-AES. */
  password?: string;
  username?: string;
  /** Fingerprints of the keys that a server with RSA-AES may have. */
  serverKeys?: string[];
  /** Of another key a `server-key` event tells, and `answerServerKey` decides; else it is refused. */
  askServerKey?: boolean;
  /** JPEG quality 0 (small) to 9 (good); `null` or absent: lossless only. */
  quality?: number | null;
  /** 0 (fast) to 9 (small); default 2. */
  compression?: number;
  /** JPEG quality 0 to 100 and thinning of colour, for servers that know them; absent: what `quality` stands for. */
  fineQuality?: number;
  subsampling?: Subsampling;
  /** Only these encodings of pixels, in this order of preference; absent: all that are decoded. */
  encodings?: PixelEncoding[];
  /** `false`: do not ask for JPEG as an encoding of its own (21), only inside Tight. */
  plainJpeg?: boolean;
  /** Ask the server itself for what is copied, by the extended clipboard; default false. */
  clipboard?: boolean;
}

/** One of the server's screens, in framebuffer coordinates. */
export interface ScreenRect extends Area {
  readonly id: number;
}

export interface Capabilities {
  setDesktopSize: boolean;
  qemuKeys: boolean;
  extendedMouse: boolean;
  continuousUpdates: boolean;
  fence: boolean;
}

export type ScreenEvent =
  /** A whole JSON text frame from the server; parts are already joined and acknowledged. */
  | { type: 'text'; text: string }
  /** After ServerInit. `painted-first` follows once there is something to see. */
  | { type: 'connected'; width: number; height: number; name: string }
  | { type: 'painted-first' }
  /** Nothing goes on before `answerServerKey`. */
  | { type: 'server-key'; key: ServerKey }
  /** `status` is 0, or why the server refused (1 prohibited, 2 out of resources, 3 invalid layout). */
  | {
      type: 'resize';
      width: number;
      height: number;
      screens: ScreenRect[];
      reason: 'server' | 'client' | 'other-client';
      status: number;
    }
  | { type: 'name'; name: string }
  | { type: 'bell' }
  | { type: 'clipboard'; text: string }
  /** Something copied was too much for one of the two ends; the session goes on. */
  | { type: 'clipboard-refused'; code: 'rfb-limit' }
  /** Width 0: the cursor is hidden. */
  | { type: 'cursor'; rgba: Uint8ClampedArray<ArrayBuffer>; width: number; height: number; hotX: number; hotY: number }
  /** The server moved the pointer; framebuffer coordinates. */
  | { type: 'cursor-position'; x: number; y: number }
  | { type: 'leds'; caps?: boolean; num?: boolean; scroll?: boolean }
  | ({ type: 'capabilities' } & Capabilities)
  /** Exactly once per `open()`. `code` is the WebSocket's; 1006 where there was none. */
  | { type: 'closed'; code: number; reason: string; error?: { code: ErrorCode; detail: string } };

export interface Screenshot {
  width: number;
  height: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Counters since `open()`. Times are milliseconds. */
export interface ScreenStats {
  bytesIn: number;
  bytesOut: number;
  updates: number;
  rectangles: number;
  /** How many of them came in which encoding, by its number. */
  encodings: Readonly<Record<number, number>>;
  paints: number;
  paintedPixels: number;
  decodeMs: number;
  paintMs: number;
  /** When the last paint call returned, in milliseconds since 1970; 0: not yet. */
  lastPaint: number;
  /** Something is decoded that has not been painted. */
  unpainted: boolean;
  /** Bytes of wasm memory. */
  memory: number;
  /** Where pixels are made: a worker, or the page's own thread. */
  thread: 'worker' | 'main';
}
