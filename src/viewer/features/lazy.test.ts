/** Features whose code does not come at the first try: a server that restarts, a line that is down for a moment. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServerFrame, Welcome } from '../../contract/socket.ts';
import type { FeatureContext } from '../feature.ts';
import { clipboard } from './clipboard.ts';
import { files } from './files.ts';

const load = vi.hoisted(() => ({ fails: false, offered: 0 }));

vi.mock('./files-work.ts', () => ({
  get FilesWork() {
    if (load.fails) throw new TypeError('Failed to fetch dynamically imported module');
    return class {
      readonly dropHint = { show: () => undefined, hide: () => undefined };
      offer() {
        load.offered++;
        return () => undefined;
      }
      connected() {}
      dispose() {}
    };
  },
}));
vi.mock('./clipboard-sync.ts', () => ({
  get ClipboardSync() {
    if (load.fails) throw new TypeError('Failed to fetch dynamically imported module');
    return class {
      mode = 'off';
      offered() {
        load.offered++;
        return Promise.resolve();
      }
      pasted() {
        return Promise.resolve();
      }
      dispose() {}
    };
  },
}));

let said: string[];

function context(): FeatureContext {
  const tool = { hidden: false, close: () => undefined, remove: () => undefined };
  return {
    window,
    root: document.body,
    strings: { language: 'en' },
    toolbar: { addPanel: () => tool },
    notices: { show: ({ message }: { message: string }) => said.push(message) },
    preferences: { get: () => undefined, set: () => undefined },
    ui: () => ({}),
    send: () => undefined,
  } as unknown as FeatureContext;
}

beforeEach(() => {
  said = [];
  Object.assign(load, { fails: true, offered: 0 });
});

describe('files', () => {
  const outcome = () => ({ answered: vi.fn(), refused: vi.fn() });
  const grant = { files: { key: 'key', transfer: 'both' } } as unknown as Welcome;

  it('tell a script at once that they cannot be had, and are tried again with the next', async () => {
    const feature = files(context());
    feature.onWelcome?.(grant);
    const first = outcome();
    feature.offer({ path: '/a' }, first);
    await vi.waitFor(() => expect(first.refused).toHaveBeenCalledOnce());
    load.fails = false;
    feature.offer({ path: '/a' }, outcome());
    await vi.waitFor(() => expect(load.offered).toBe(1));
    feature.dispose?.();
  });

  it('say that what was dropped is not on its way', async () => {
    const feature = files(context());
    feature.onWelcome?.(grant);
    feature.onState?.({ state: 'connected' });
    const dataTransfer = { types: ['Files'], items: [] };
    document.body.dispatchEvent(Object.assign(new Event('drop', { bubbles: true }), { dataTransfer }));
    await vi.waitFor(() => expect(said).toHaveLength(1));
    feature.dispose?.();
  });
});

describe('the clipboard', () => {
  it('is tried again with what is copied next, and pasting by key goes on', async () => {
    const feature = clipboard(context(), () => undefined);
    const offer: ServerFrame = { t: 'clip.offer', serial: 1, selection: 'clipboard', kinds: ['text'], fresh: true };
    feature.onFrame?.({ t: 'clip.mode', mode: 'both' });
    feature.onRole?.('master', true);
    feature.onState?.({ state: 'connected' });
    await vi.dynamicImportSettled();
    const data = { items: [], getData: () => 'text' } as unknown as DataTransfer;
    await expect(feature.pasted(data)).resolves.toBeUndefined();
    load.fails = false;
    feature.onFrame?.(offer);
    await vi.waitFor(() => expect(load.offered).toBe(1));
    feature.dispose?.();
  });
});
