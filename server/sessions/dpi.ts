/**
 * How large things are drawn in a session: its dots per inch, as the viewer in control has them. GTK programs follow
 * XSETTINGS while they run; the rest reads `Xft.dpi` or the screen's size in millimetres when it starts.
 */
import type { ScreenChangeNotify, XRandr } from 'x11';
import { XSettingsManager } from './dpi-xsettings.ts';
import { openX, type XConnection } from './x-client.ts';

const BASE_DPI = 96;
const MM_PER_INCH = 25.4;
/** Beyond these, text is a smear or a single word fills the screen. */
const MIN_SCALE = 0.5;
const MAX_SCALE = 4;
const CURSOR_SIZE = 24;
const REPLACE = 0;
/** Sizes come in bursts, and the millimetres go with the last one. */
const SETTLE_MS = 150;

export interface Dpi {
  readonly dpi: number;
  readonly settings: Readonly<Record<string, number>>;
  readonly resources: Readonly<Record<string, string>>;
}

/** Windows are drawn at whole factors, what is between them is made up for by the size of text. */
export function dpiFor(scale: number): Dpi {
  const held = Math.min(MAX_SCALE, Math.max(MIN_SCALE, Number.isFinite(scale) ? scale : 1));
  const dpi = Math.round(BASE_DPI * held);
  const factor = Math.max(1, Math.floor(held));
  return {
    dpi,
    settings: {
      'Xft/DPI': dpi * 1024,
      'Gdk/WindowScalingFactor': factor,
      'Gdk/UnscaledDPI': Math.round((dpi * 1024) / factor),
      'Gtk/CursorThemeSize': CURSOR_SIZE * factor,
    },
    resources: { 'Xft.dpi': String(dpi), 'Xcursor.size': String(Math.round(CURSOR_SIZE * held)) },
  };
}

/** A resource database with some members set and the others as they were. */
export function mergeResources(text: string, resources: Readonly<Record<string, string>>): string {
  const kept = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !((line.split(':')[0] ?? '').trim() in resources));
  return [...kept, ...Object.entries(resources).map(([name, value]) => `${name}:\t${value}`), ''].join('\n');
}

/** Of one session; asks nothing of its X server before the first scale is set. */
export class SessionDpi {
  /** A desktop brings a manager of XSETTINGS, which would not start beside ours. */
  readonly #mayOwnSettings: boolean;
  #x: Promise<XConnection> | undefined;
  #open: XConnection | undefined;
  #manager: XSettingsManager | undefined;
  #randr: XRandr | undefined;
  #scale = 1;
  #ground: number | undefined;
  #settling: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: { readonly mayOwnSettings: boolean }) {
    this.#mayOwnSettings = options.mayOwnSettings;
  }

  /** `ground`: the colour of the root window, where the session has no desktop that paints one. */
  set(display: number, cookie: Buffer, scale: number, ground: number | undefined): void {
    if (this.#stopped) return;
    // What has never been changed need not be set: a session on an ordinary screen stays as it was started.
    if (scale === this.#scale && ground === this.#ground) return;
    this.#scale = scale;
    this.#ground = ground;
    this.#x ??= this.#connect(display, cookie);
    this.#x.then((x) => this.#apply(x)).catch(() => undefined);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#settling);
    this.#open?.close();
  }

  async #connect(display: number, cookie: Buffer): Promise<XConnection> {
    const x = await openX(display, cookie, {
      onEvent: (event) => {
        if (event.name === 'SelectionClear') this.#manager?.lost();
        else if (event.name === 'RRScreenChangeNotify') this.#resized(event);
      },
      onLost: () => {
        this.#x = undefined;
        this.#open = undefined;
      },
    });
    if (this.#stopped) x.close();
    this.#open = x;
    this.#manager = this.#mayOwnSettings ? new XSettingsManager(x) : undefined;
    this.#randr = await new Promise<XRandr | undefined>((done) =>
      x.client.require('randr', (error, randr) => done(error ? undefined : randr)),
    );
    this.#randr?.SelectInput(x.root, this.#randr.NotifyMask.ScreenChange);
    return x;
  }

  async #apply(x: XConnection): Promise<void> {
    const { settings, resources } = dpiFor(this.#scale);
    const [database, string] = await Promise.all([x.atom('RESOURCE_MANAGER'), x.atom('STRING')]);
    const text = (await x.property(x.root, database)).toString('latin1').replace(/\0$/, '');
    const merged = mergeResources(text, resources);
    if (merged !== text) x.client.ChangeProperty(REPLACE, x.root, database, string, 8, Buffer.from(merged, 'latin1'));
    await this.#manager?.offer(settings);
    this.#measureLater(x);
    if (this.#ground !== undefined) {
      x.client.ChangeWindowAttributes(x.root, { backgroundPixel: this.#ground });
      x.client.ClearArea(x.root, 0, 0, 0, 0, 0);
    }
  }

  /** Another size puts the millimetres back to 96 dpi. Our own change of them is told as well. */
  #resized({ width, physWidth }: ScreenChangeNotify): void {
    if (this.#open && physWidth !== millimetres(width, dpiFor(this.#scale).dpi)) this.#measureLater(this.#open);
  }

  #measureLater(x: XConnection): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#measure(x), SETTLE_MS);
  }

  /** The size is asked for right before, since a stale one would be a change of size. */
  #measure(x: XConnection): void {
    const randr = this.#randr;
    if (!randr || this.#stopped) return;
    const { dpi } = dpiFor(this.#scale);
    x.client.GrabServer();
    x.client.GetGeometry(x.root, (error, size) => {
      if (!error) {
        const { width, height } = size;
        randr.SetScreenSize(x.root, width, height, millimetres(width, dpi), millimetres(height, dpi));
      }
      x.client.UngrabServer();
    });
  }
}

const millimetres = (pixels: number, dpi: number) => Math.max(1, Math.round((pixels * MM_PER_INCH) / dpi));
