import type { ScreenPort } from '../../desktop/desktop.ts';
import type { OpenOptions, ScreenEvent } from '../../screen/client.ts';

/** A screen whose server is this test. */
export class TestScreen implements ScreenPort {
  readonly emit: (event: ScreenEvent) => void;
  readonly opened: OpenOptions[] = [];
  readonly texts: string[] = [];
  readonly sizes: string[] = [];
  readonly keys: string[] = [];

  constructor(emit: (event: ScreenEvent) => void) {
    this.emit = emit;
  }
  open(options: OpenOptions) {
    this.opened.push(options);
  }
  close() {
    this.emit({ type: 'closed', code: 1000, reason: '' });
  }
  key(down: boolean, keysym: number) {
    this.keys.push(`${down ? '+' : '-'}${keysym.toString(16)}`);
  }
  pointer() {}
  resize(width: number, height: number) {
    this.sizes.push(`${width}x${height}`);
  }
  sendText(json: string) {
    this.texts.push(json);
  }
  second() {}
  clipboard() {}
  answerServerKey() {}
  refresh() {}
  setViewOnly() {}
  setQuality(quality: number | null, compression: number) {
    this.keys.push(`quality ${quality} compression ${compression}`);
  }
  screenshot() {
    return Promise.reject(new Error('not here'));
  }
  stats() {
    return Promise.reject(new Error('not here'));
  }
  dispose() {}

  /** What a server that takes the hello says, up to the first picture. */
  accept(members: Record<string, unknown> = {}) {
    const session = { id: 'session-1234', name: 'Solver', windowMode: 'desktop' };
    this.say({ t: 'welcome', v: 1, clientId: 'c1', role: 'master', resume: 'r1', session, parents: [], ...members });
    this.emit({ type: 'connected', width: 800, height: 600, name: 'x' });
    this.emit({ type: 'painted-first' });
  }
  say(frame: unknown) {
    this.emit({ type: 'text', text: JSON.stringify(frame) });
  }
}
