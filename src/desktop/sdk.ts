/** `createDesktop`: the viewer's core for any RFB server behind a WebSocket relay. An entry of the package of its own. */
import { makeDesktop } from './create-desktop.ts';
import type { CreateDesktopOptions, RemoteDesktop } from './sdk-types.ts';

export type {
  ComboName,
  CreateDesktopOptions,
  Credentials,
  DesktopEvents,
  RemoteDesktop,
  Scaling,
  ServerKey,
} from './sdk-types.ts';

/** Takes over `element`: its size is the desktop's, its content a canvas. Connects at once. */
export function createDesktop(element: HTMLElement, options: CreateDesktopOptions): RemoteDesktop {
  return makeDesktop(element, options);
}
