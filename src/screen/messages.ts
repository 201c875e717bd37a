/** What the page's side and the worker's side of a screen say to each other. */
import type { Area } from '../rfb/events.ts';
import type { OpenOptions, ScreenEvent, ScreenStats, Screenshot } from './types.ts';

/** Page to worker. `epoch` counts `open()` calls, so that what belongs to a connection given up is dropped. */
export type ToWorker =
  | { type: 'init'; canvas: OffscreenCanvas }
  | { type: 'open'; epoch: number; options: OpenOptions }
  | { type: 'close'; epoch: number }
  | { type: 'key'; down: boolean; keysym: number; xtCode: number }
  | { type: 'pointer'; x: number; y: number; buttons: number }
  | { type: 'resize'; width: number; height: number; layout?: readonly Area[] }
  | { type: 'second'; canvas: OffscreenCanvas | null }
  | { type: 'text'; json: string }
  | { type: 'clipboard'; text: string }
  | { type: 'server-key'; fingerprint: string; accepted: boolean }
  | { type: 'refresh' }
  | { type: 'view-only'; viewOnly: boolean }
  | { type: 'quality'; quality: number | null; compression: number }
  | { type: 'visible'; visible: boolean }
  | { type: 'screenshot'; id: number }
  | { type: 'stats'; id: number };

/** Worker to page. */
export type FromWorker =
  | { type: 'event'; epoch: number; event: ScreenEvent }
  | { type: 'screenshot'; id: number; screenshot: Screenshot }
  | { type: 'stats'; id: number; stats: ScreenStats };
