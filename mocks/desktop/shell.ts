/**
 * The demo's window system: stacks windows, moves and resizes them, hands keys and pointer to the one in front, paints
 * what changed, and tells every peer about it.
 */
import { KEYSYM, textOfKeysym, type App, type AppWindow } from './app.ts';
import { CURSORS, type CursorName, type CursorShape } from './cursors.ts';
import { Frame } from './frame.ts';
import type { Move } from './pending.ts';
import { covers, intersect, shift, type Rect } from './rect.ts';
import type { PeerEvents } from './rfb-peer.ts';
import { Wallpaper } from './wallpaper.ts';
import { Window } from './window.ts';

/** Who is told what changes: one peer a connection. */
export interface Watcher {
  damage(rect: Rect): void;
  move(move: Move): void;
  cursor(shape: CursorShape): void;
  resized(reason: 'thisClient' | 'otherClient'): void;
  bell(): void;
  cutText(text: string): void;
}

type Drag = { window: Window; dx: number; dy: number; what: 'move' | 'resize' };

const SMALLEST = { width: 320, height: 240 };
const LARGEST = { width: 3840, height: 2400 };
/** ExtendedDesktopSize: the layout was refused. */
const INVALID_LAYOUT = 3;

export class Shell {
  readonly frame: Frame;
  readonly #wallpaper = new Wallpaper();
  readonly #watchers = new Set<Watcher>();
  /** From the bottom to the top. */
  readonly #windows: Window[] = [];
  readonly #held = new Set<number>();
  #drag: Drag | undefined;
  #buttons = 0;
  #cursor: CursorName = 'arrow';
  #clipboard = '';

  constructor(width: number, height: number, name: string) {
    this.frame = new Frame(width, height, name);
    this.#wallpaper.resize(width, height);
    this.#paint(this.frame.bounds);
  }

  /** Tells a watcher everything from now on; returns the way to stop. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    watcher.cursor(CURSORS[this.#cursor]);
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size > 0) return;
      // Nobody holds a key or a button any more.
      this.#held.clear();
      this.#drag = undefined;
      this.#buttons = 0;
    };
  }

  /** What this watcher's viewer does. */
  eventsFor(watcher: () => Watcher): PeerEvents {
    return {
      key: (down, keysym) => this.#key(down, keysym),
      pointer: (x, y, buttons) => this.#pointer(x, y, buttons),
      cutText: (text) => {
        this.#clipboard = text;
      },
      resize: (width, height) => this.#resize(width, height, watcher()),
    };
  }

  open(create: (window: AppWindow) => App, rect: Rect): void {
    let window: Window | undefined;
    const app = create({
      damage: (part) => {
        if (window) this.#damageContent(window, part);
      },
      close: () => {
        if (window) this.#close(window);
      },
    });
    window = new Window(app, rect);
    this.#windows.push(window);
    app.resized?.(window.content.width, window.content.height);
    this.#paint(this.frame.bounds);
  }

  bell(): void {
    for (const watcher of this.#watchers) watcher.bell();
  }

  copy(text: string): void {
    this.#clipboard = text;
    for (const watcher of this.#watchers) watcher.cutText(text);
  }

  get #top(): Window | undefined {
    return this.#windows.at(-1);
  }

  #key(down: boolean, keysym: number): void {
    if (!down) {
      this.#held.delete(keysym);
      return;
    }
    this.#held.add(keysym);
    const held = (keysyms: readonly number[]): boolean => keysyms.some((one) => this.#held.has(one));
    const [control, shifted] = [held(KEYSYM.control), held(KEYSYM.shift)];
    const { app } = this.#top ?? {};
    const text = textOfKeysym(keysym);
    const pastes = (control && shifted && text.toLowerCase() === 'v') || (shifted && keysym === KEYSYM.insert);
    if (pastes) app?.paste?.(this.#clipboard);
    else app?.key?.({ keysym, text: control ? '' : text, control, shift: shifted });
  }

  #pointer(x: number, y: number, buttons: number): void {
    const pressed = buttons & ~this.#buttons;
    this.#buttons = buttons;
    if (this.#drag) {
      this.#dragTo(this.#drag, x, y);
      if ((buttons & 1) === 0) this.#drag = undefined;
      this.#setCursor(x, y);
      return;
    }
    const window = this.#windows.findLast((one) => one.partAt(x, y) !== undefined);
    const part = window?.partAt(x, y);
    if (window && pressed & 7) this.#raise(window);
    if (window && pressed & 1 && part !== 'content') {
      if (part === 'close') this.#close(window);
      else if (part === 'title') this.#drag = { window, dx: x - window.x, dy: y - window.y, what: 'move' };
      else this.#drag = { window, dx: window.width - x, dy: window.height - y, what: 'resize' };
    } else if (window && part === 'content') {
      if (pressed & 2) window.app.paste?.(this.#clipboard);
      window.app.pointer?.(x - window.content.x, y - window.content.y, buttons);
    }
    this.#setCursor(x, y);
  }

  #setCursor(x: number, y: number): void {
    const window = this.#windows.findLast((one) => one.partAt(x, y) !== undefined);
    const part = window?.partAt(x, y);
    const name = this.#drag || part === 'grip' ? 'move' : part === 'content' && window ? window.app.cursor : 'arrow';
    if (name === this.#cursor) return;
    this.#cursor = name;
    for (const watcher of this.#watchers) watcher.cursor(CURSORS[name]);
  }

  #dragTo({ window, dx, dy, what }: Drag, x: number, y: number): void {
    const before = window.rect;
    if (what === 'resize') {
      window.resizeTo(x + dx, y + dy);
      this.#paint(before);
      this.#paint(window.rect);
      return;
    }
    window.moveTo(x - dx, y - dy, this.frame.bounds);
    const move = { from: before, dx: window.x - before.x, dy: window.y - before.y };
    if (move.dx === 0 && move.dy === 0) return;
    // All of it was and is in sight, and nothing lies on it: its pixels can just be moved.
    if (window === this.#top && covers(this.frame.bounds, before) && covers(this.frame.bounds, window.rect)) {
      this.#move(move);
      for (const rect of minus(before, window.rect)) this.#paint(rect);
    } else {
      this.#paint(before);
      this.#paint(window.rect);
    }
  }

  #raise(window: Window): void {
    const before = this.#top;
    if (before === window || !before) return;
    this.#windows.splice(this.#windows.indexOf(window), 1);
    this.#windows.push(window);
    this.#paint(before.rect);
    this.#paint(window.rect);
  }

  #close(window: Window): void {
    const at = this.#windows.indexOf(window);
    if (at < 0) return;
    this.#windows.splice(at, 1);
    window.app.closed?.();
    this.#paint(window.rect);
    if (this.#top) this.#paint(this.#top.rect);
  }

  #resize(width: number, height: number, by: Watcher): number {
    if (width < SMALLEST.width || height < SMALLEST.height) return INVALID_LAYOUT;
    if (width > LARGEST.width || height > LARGEST.height) return INVALID_LAYOUT;
    if (width === this.frame.width && height === this.frame.height) return 0;
    this.frame.resize(width, height);
    this.#wallpaper.resize(width, height);
    for (const window of this.#windows) {
      // Into sight as a whole where there is room for it.
      const x = Math.max(0, Math.min(window.x, width - window.width));
      window.moveTo(x, Math.max(0, Math.min(window.y, height - window.height)), this.frame.bounds);
    }
    for (const watcher of this.#watchers) watcher.resized(watcher === by ? 'thisClient' : 'otherClient');
    this.#paint(this.frame.bounds);
    return 0;
  }

  #damageContent(window: Window, part: Rect | undefined): void {
    const { content } = window;
    const rect = part ? intersect(shift(part, content.x, content.y), content) : content;
    if (rect) this.#paint(rect);
  }

  #move(move: Move): void {
    this.frame.move(move);
    for (const watcher of this.#watchers) watcher.move(move);
  }

  #paint(part: Rect): void {
    const rect = intersect(part, this.frame.bounds);
    if (!rect) return;
    const { context } = this.frame;
    context.save();
    context.beginPath();
    context.rect(rect.x, rect.y, rect.width, rect.height);
    context.clip();
    this.#wallpaper.paint(context, rect);
    for (const window of this.#windows) {
      if (intersect(window.rect, rect)) window.paint(context, window === this.#top);
    }
    context.restore();
    for (const watcher of this.#watchers) watcher.damage(rect);
  }
}

/** What of `a` is not in `b`: at most four rectangles. */
function minus(a: Rect, b: Rect): Rect[] {
  const both = intersect(a, b);
  if (!both) return [a];
  const right = a.x + a.width;
  const bottom = a.y + a.height;
  const rects = [
    { x: a.x, y: a.y, width: a.width, height: both.y - a.y },
    { x: a.x, y: both.y + both.height, width: a.width, height: bottom - both.y - both.height },
    { x: a.x, y: both.y, width: both.x - a.x, height: both.height },
    { x: both.x + both.width, y: both.y, width: right - both.x - both.width, height: both.height },
  ];
  return rects.filter((rect) => rect.width > 0 && rect.height > 0);
}
