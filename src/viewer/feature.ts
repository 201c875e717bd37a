/**
 * One ability of the viewer beside showing the desktop: what it is given, and what it may want to hear. Each is a file
 * in `features/` that brings its own tools for the bar, words and styles; `viewer.ts` installs them in the bar's order.
 */
import type { Role } from '../contract/session.ts';
import type { ServerFrame, ViewerFrame, Welcome } from '../contract/socket.ts';
import type { ViewerUi } from '../contract/xrdp.ts';
import type { Desktop } from '../desktop/desktop.ts';
import type { ViewerState } from '../embed/messages.ts';
import type { ScreenEvent } from '../screen/client.ts';
import type { Notices } from './notices.ts';
import type { Preferences } from './preferences.ts';
import type { Strings } from './strings.ts';
import type { Toolbar } from './toolbar.ts';

export interface FeatureContext {
  /** The page's window. */
  readonly window: Window & typeof globalThis;
  /** The viewer's element: what a feature shows outside the bar goes in here. */
  readonly root: HTMLElement;
  readonly desktop: Desktop;
  readonly toolbar: Toolbar;
  readonly notices: Notices;
  readonly strings: Strings;
  /** What the person chose in this browser, for every session. */
  readonly preferences: Preferences;
  /** One text frame to the server. */
  send(frame: ViewerFrame): void;
  /** How the viewer was opened, and what was changed since. */
  ui(): ViewerUi;
  /** Changes that, also for a reload of this page. */
  keep(change: Partial<ViewerUi>): void;
}

/** All members are optional: a feature hears only of what it asks for. */
export interface Feature {
  onState?(state: ViewerState): void;
  /** At each connection, before the first picture. */
  onWelcome?(welcome: Welcome): void;
  onFrame?(frame: ServerFrame): void;
  onScreen?(event: ScreenEvent): void;
  /** `inControl`: the session hears this viewer's keyboard and pointer. Told once at the start as well. */
  onRole?(role: Role, inControl: boolean): void;
  dispose?(): void;
}

export type InstallFeature = (context: FeatureContext) => Feature;
