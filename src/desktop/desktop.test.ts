import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Area, OpenOptions, ScreenEvent } from '../screen/client.ts';
import { makeDesktop } from './create-desktop.ts';
import { CursorCache } from './cursor.ts';
import { Desktop, type DesktopOptions, type ScreenPort } from './desktop.ts';
import { pictureSize, toFramebuffer, wantedSize } from './geometry.ts';
import { Resizer } from './resizer.ts';

describe('geometry', () => {
  it('asks for the element’s size, inside the bounds of RFB', () => {
    expect(wantedSize({ width: 801.6, height: 600 }, 1)).toEqual({ width: 801, height: 600 });
    expect(wantedSize({ width: 3, height: 99999 }, 1)).toEqual({ width: 64, height: 16384 });
    expect(wantedSize({ width: 0, height: 600 }, 1)).toBeUndefined();
    expect(wantedSize({ width: 800, height: 600 }, 2)).toEqual({ width: 1600, height: 1200 });
  });

  it('scales to fit, leaves alone, or only makes smaller', () => {
    const element = { width: 500, height: 400 };
    expect(pictureSize({ width: 1000, height: 400 }, element, 'fit', 1)).toEqual({ width: 500, height: 200 });
    expect(pictureSize({ width: 250, height: 100 }, element, 'fit', 1)).toEqual({ width: 500, height: 200 });
    expect(pictureSize({ width: 1000, height: 400 }, element, 'none', 1)).toEqual({ width: 1000, height: 400 });
    expect(pictureSize({ width: 1000, height: 400 }, element, 'remote', 1)).toEqual({ width: 500, height: 200 });
    expect(pictureSize({ width: 250, height: 100 }, element, 'remote', 1)).toEqual({ width: 250, height: 100 });
  });

  it('does not blur a picture for a fraction of a pixel', () => {
    const element = { width: 500.4, height: 400.2 };
    expect(pictureSize({ width: 500, height: 400 }, element, 'fit', 1)).toEqual({ width: 500, height: 400 });
  });

  it('maps points through scale and offset, held inside the picture', () => {
    const picture = { left: 100, top: 50, width: 400, height: 200 };
    const framebuffer = { x: 0, y: 0, width: 800, height: 400 };
    expect(toFramebuffer({ x: 100, y: 50 }, picture, framebuffer)).toEqual({ x: 0, y: 0 });
    expect(toFramebuffer({ x: 300, y: 150 }, picture, framebuffer)).toEqual({ x: 400, y: 200 });
    expect(toFramebuffer({ x: 9999, y: -5 }, picture, framebuffer)).toEqual({ x: 799, y: 0 });
    expect(toFramebuffer({ x: 1, y: 1 }, { left: 0, top: 0, width: 0, height: 0 }, framebuffer)).toEqual({
      x: 0,
      y: 0,
    });
  });
});

function recorded() {
  const asked: string[] = [];
  return { asked, resizer: new Resizer(({ width, height }) => asked.push(`${width}x${height}`)) };
}

describe('asking for sizes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('waits until the server says that it can', () => {
    const { asked, resizer } = recorded();
    resizer.want({ width: 800, height: 600 });
    expect(asked).toEqual([]);
    resizer.possible = true;
    expect(asked).toEqual(['800x600']);
  });

  it('has one request on its way, and of the wishes meanwhile only the last', () => {
    const { asked, resizer } = recorded();
    resizer.possible = true;
    resizer.want({ width: 800, height: 600 });
    resizer.want({ width: 810, height: 600 });
    resizer.want({ width: 820, height: 600 });
    vi.advanceTimersByTime(100);
    expect(asked).toEqual(['800x600']);
    resizer.changed({ width: 800, height: 600 }, true, false);
    expect(asked).toEqual(['800x600', '820x600']);
  });

  it('does not ask again for what was refused, nor for what is', () => {
    const { asked, resizer } = recorded();
    resizer.possible = true;
    resizer.want({ width: 800, height: 600 });
    resizer.changed({ width: 640, height: 480 }, true, true);
    vi.advanceTimersByTime(5000);
    expect(asked).toEqual(['800x600']);
    resizer.want({ width: 640, height: 480 });
    vi.advanceTimersByTime(5000);
    expect(asked).toEqual(['800x600']);
  });

  it('is content with what the server made of it', () => {
    const { asked, resizer } = recorded();
    resizer.possible = true;
    resizer.want({ width: 4000, height: 3000 });
    // As where a profile lets a session be no larger.
    for (let time = 0; time < 3; time++) resizer.changed({ width: 1920, height: 1080 }, true, false);
    vi.advanceTimersByTime(5000);
    expect(asked).toEqual(['4000x3000']);
    resizer.want({ width: 800, height: 600 });
    vi.advanceTimersByTime(100);
    expect(asked).toEqual(['4000x3000', '800x600']);
  });

  it('asks for what is wished by now when what was wished before is refused', () => {
    const { asked, resizer } = recorded();
    resizer.possible = true;
    resizer.want({ width: 4000, height: 3000 });
    resizer.want({ width: 800, height: 600 });
    vi.advanceTimersByTime(100);
    resizer.changed({ width: 640, height: 480 }, true, true);
    expect(asked).toEqual(['4000x3000', '800x600']);
  });

  it('goes on after a server that never answers', () => {
    const { asked, resizer } = recorded();
    resizer.possible = true;
    resizer.want({ width: 800, height: 600 });
    vi.advanceTimersByTime(2500);
    resizer.want({ width: 900, height: 600 });
    vi.advanceTimersByTime(100);
    expect(asked).toEqual(['800x600', '900x600']);
  });
});

const shape = (fill: number) => ({
  rgba: new Uint8ClampedArray(4 * 4 * 4).fill(fill),
  width: 4,
  height: 4,
  hotX: 1,
  hotY: 9,
});

describe('cursors', () => {
  it('are encoded once, with the hot spot inside the image', () => {
    const encode = vi.fn(() => 'data:,x');
    const cache = new CursorCache(encode);
    expect(cache.css(shape(1))).toBe('url("data:,x") 1 3, default');
    cache.css(shape(1));
    expect(encode).toHaveBeenCalledTimes(1);
    cache.css(shape(2));
    expect(encode).toHaveBeenCalledTimes(2);
  });

  it('are as large as the picture makes them, the hot spot with them, at the resolution they have', () => {
    const cache = new CursorCache(
      () => 'data:,x',
      () => true,
    );
    const big = { ...shape(1), width: 64, height: 64, hotX: 10, hotY: 20 };
    expect(cache.css(big, 0.5)).toBe('image-set(url("data:,x") 2dppx) 5 10, default');
    expect(cache.css(big, 1.5)).toBe('image-set(url("data:,x") 0.6667dppx) 15 30, default');
    // Past what a browser draws, it stays as large as it can be.
    expect(cache.css(big, 4)).toBe('image-set(url("data:,x") 0.5dppx) 20 40, default');
    // And never so small that it is lost.
    expect(cache.css(shape(1), 0.1)).toBe('url("data:,x") 1 3, default');
    expect(cache.css(big, 0.1)).toBe('image-set(url("data:,x") 8dppx) 1.25 2.5, default');
    const plain = new CursorCache(
      () => 'data:,x',
      () => false,
    );
    expect(plain.css(big, 0.5)).toBe('url("data:,x") 10 20, default');
  });

  it('are hidden at no size and an arrow when too large for a browser', () => {
    const cache = new CursorCache(() => 'data:,x');
    expect(cache.css({ ...shape(0), width: 0 })).toBe('none');
    expect(cache.css({ ...shape(0), width: 500 })).toBe('default');
  });

  it('are forgotten in the order of their use', () => {
    const encode = vi.fn(() => 'data:,x');
    const cache = new CursorCache(encode);
    for (let fill = 0; fill <= 64; fill++) {
      cache.css(shape(fill));
      cache.css(shape(0));
    }
    encode.mockClear();
    cache.css(shape(0));
    expect(encode).not.toHaveBeenCalled();
    cache.css(shape(1));
    expect(encode).toHaveBeenCalledTimes(1);
  });
});

/** A screen that only writes down what it is told. */
class RecordedScreen implements ScreenPort {
  readonly calls: string[] = [];
  readonly emit: (event: ScreenEvent) => void;
  options: OpenOptions | undefined;

  constructor(emit: (event: ScreenEvent) => void) {
    this.emit = emit;
  }
  open(options: OpenOptions) {
    this.options = options;
    this.calls.push('open');
  }
  close() {
    this.calls.push('close');
  }
  key(down: boolean, keysym: number) {
    this.calls.push(`${down ? '+' : '-'}${keysym.toString(16)}`);
  }
  pointer(x: number, y: number, buttons: number) {
    this.calls.push(`@${x},${y}:${buttons}`);
  }
  resize(width: number, height: number, layout?: readonly Area[]) {
    const screens = layout?.map((one) => ` ${one.width}x${one.height}+${one.x}+${one.y}`).join('') ?? '';
    this.calls.push(`resize ${width}x${height}${screens}`);
  }
  second(canvas: HTMLCanvasElement | null) {
    this.calls.push(canvas ? 'second' : 'no second');
  }
  sendText(json: string) {
    this.calls.push(json);
  }
  clipboard(text: string) {
    this.calls.push(`clipboard ${text}`);
  }
  setQuality(quality: number | null, compression: number) {
    this.calls.push(`quality ${quality} ${compression}`);
  }
  setViewOnly(viewOnly: boolean) {
    this.calls.push(viewOnly ? 'watch' : 'control');
  }
  answerServerKey(fingerprint: string, accepted: boolean) {
    this.calls.push(`${accepted ? 'trusts' : 'refuses'} ${fingerprint}`);
  }
  refresh() {
    this.calls.push('refresh');
  }
  screenshot() {
    return Promise.reject(new Error('not here'));
  }
  stats() {
    return Promise.reject(new Error('not here'));
  }
  dispose() {
    this.calls.push('dispose');
  }
}

const capabilities = (setDesktopSize: boolean): ScreenEvent => ({
  type: 'capabilities',
  setDesktopSize,
  qemuKeys: true,
  extendedMouse: true,
  continuousUpdates: true,
  fence: true,
});

const press = (element: HTMLElement, key: string, code: string) =>
  element.dispatchEvent(new KeyboardEvent('keydown', { key, code, cancelable: true }));

const connect = (screen: RecordedScreen) => {
  screen.emit({ type: 'connected', width: 640, height: 480, name: 'x' });
  screen.emit(capabilities(true));
};

describe('a desktop', () => {
  const made: { desktop: Desktop; element: HTMLElement }[] = [];
  let observers: (() => void)[] = [];

  beforeEach(() => {
    observers = [];
    vi.stubGlobal(
      'ResizeObserver',
      class {
        constructor(callback: () => void) {
          observers.push(callback);
        }
        observe() {}
        disconnect() {}
      },
    );
  });
  afterEach(() => {
    for (const { desktop, element } of made.splice(0)) {
      desktop.dispose();
      element.remove();
    }
    vi.unstubAllGlobals();
  });

  function make(options: DesktopOptions = {}) {
    const element = document.createElement('div');
    Object.defineProperties(element, {
      clientWidth: { value: 800, writable: true },
      clientHeight: { value: 600, writable: true },
    });
    document.body.append(element);
    let screen: RecordedScreen | undefined;
    const desktop = new Desktop(element, {
      createScreen: (_canvas, onEvent) => {
        screen = new RecordedScreen(onEvent);
        return screen;
      },
      ...options,
    });
    made.push({ desktop, element });
    if (!screen) throw new Error('no screen was made');
    return { desktop, element, screen };
  }

  it('asks the session to follow its element, at once after connecting', () => {
    const { screen, desktop } = make();
    desktop.open({ transport: { kind: 'websocket', url: 'ws://localhost/' } });
    connect(screen);
    expect(screen.calls).toEqual(['open', 'resize 800x600']);
  });

  it('asks for no size when it only watches, or is to scale', () => {
    for (const options of [{ viewOnly: true }, { scaling: 'fit' as const }]) {
      const { screen } = make(options);
      connect(screen);
      expect(screen.calls).toEqual([]);
    }
  });

  it('sends input only while connected, and none when it only watches', () => {
    const { screen, element, desktop } = make();
    press(element, 'a', 'KeyA');
    connect(screen);
    press(element, 'b', 'KeyB');
    desktop.viewOnly = true;
    press(element, 'c', 'KeyC');
    expect(screen.calls.filter((call) => /^[+-]/.test(call))).toEqual(['+62', '-62']);
  });

  it('draws the session’s cursor as large as the picture, and none beside the painted one when it only watches', () => {
    const { screen, element, desktop } = make({ scaling: 'fit' });
    connect(screen);
    expect(element.style.cursor).toBe('');
    screen.emit({ type: 'cursor', ...shape(0), width: 0, height: 0 });
    expect(element.style.cursor).toBe('none');
    screen.emit({ type: 'cursor', ...shape(0), width: 500 });
    expect(element.style.cursor).toBe('default');
    desktop.viewOnly = true;
    expect(element.style.cursor).toBe('none');
    expect(screen.calls.at(-1)).toBe('watch');
    desktop.viewOnly = false;
    expect(element.style.cursor).toBe('default');
    expect(screen.calls).toContain('control');
    screen.emit({ type: 'closed', code: 1006, reason: '' });
    expect(element.style.cursor).toBe('');
  });

  it('releases what is held before it closes', () => {
    const { screen, element, desktop } = make();
    connect(screen);
    press(element, 'b', 'KeyB');
    desktop.close();
    expect(screen.calls.slice(-2)).toEqual(['-62', 'close']);
  });

  it('presses combinations in order and lets go in the opposite one', () => {
    const { screen, desktop } = make();
    connect(screen);
    screen.calls.length = 0;
    desktop.sendCombo('ctrl-alt-delete');
    expect(screen.calls).toEqual(['+ffe3', '+ffe9', '+ffff', '-ffff', '-ffe9', '-ffe3']);
  });

  it('lives beside another one on the same page', () => {
    const one = make();
    const two = make();
    connect(one.screen);
    connect(two.screen);
    one.element.focus();
    press(one.element, 'a', 'KeyA');
    expect(one.screen.calls).toContain('+61');
    expect(two.screen.calls).not.toContain('+61');
    one.desktop.dispose();
    two.screen.calls.length = 0;
    press(two.element, 'b', 'KeyB');
    expect(two.screen.calls).toEqual(['+62']);
  });

  it('leaves it to the page whether a server’s key is the right one, and refuses where the page fails', async () => {
    const key = { bits: 2048, fingerprint: 'SHA256:x', short: '01-02' };
    const verdict = { current: true };
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    const { screen, desktop } = make({
      verifyServer: ({ fingerprint }) => {
        if (fingerprint !== key.fingerprint) throw new Error('the page is broken');
        return Promise.resolve(verdict.current);
      },
    });
    desktop.open({ transport: { kind: 'websocket', url: 'ws://localhost/' } });
    expect(screen.options).toMatchObject({ askServerKey: true });
    screen.calls.length = 0;
    screen.emit({ type: 'server-key', key });
    await vi.waitFor(() => expect(screen.calls).toEqual(['trusts SHA256:x']));
    verdict.current = false;
    screen.emit({ type: 'server-key', key });
    screen.emit({ type: 'server-key', key: { ...key, fingerprint: 'SHA256:y' } });
    await vi.waitFor(() => expect(screen.calls.slice(1).toSorted()).toEqual(['refuses SHA256:x', 'refuses SHA256:y']));
    expect(reported).toHaveBeenCalledOnce();
  });

  it('tells of every connection anew, once its first picture is painted', () => {
    const element = document.createElement('div');
    let screen: RecordedScreen | undefined;
    const remote = makeDesktop(element, {
      url: 'ws://localhost/one',
      createScreen: (_canvas, onEvent) => {
        screen = new RecordedScreen(onEvent);
        return screen;
      },
    });
    if (!screen) throw new Error('no screen was made');
    const heard: string[] = [];
    remote.on('connected', ({ width, name }) => heard.push(`connected ${name} ${width}`));
    remote.on('disconnected', ({ code, reason }) => heard.push(`disconnected ${code ?? ''}${reason}`));
    connect(screen);
    expect(heard).toEqual([]);
    screen.emit({ type: 'painted-first' });
    screen.emit({ type: 'closed', code: 1000, reason: '' });
    remote.reconnect({ url: 'ws://localhost/two' });
    expect(screen.options?.transport).toMatchObject({ url: 'ws://localhost/two' });
    connect(screen);
    screen.emit({ type: 'painted-first' });
    expect(heard).toEqual(['connected x 640', 'disconnected ', 'connected x 640']);
    remote.dispose();
  });
});
