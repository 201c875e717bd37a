/** What is pasted one after the other reaches the session in that order, however long each takes to be looked at. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ClipViewerFrame } from '../../contract/clipboard.ts';
import { ClipboardLink } from './clipboard-link.ts';
import { ClipboardSync, type SyncContext } from './clipboard-sync.ts';

let sync: ClipboardSync;
let sent: ClipViewerFrame[];
let decode: () => void;

beforeEach(() => {
  sent = [];
  const decoded = new Promise<void>((resolve) => (decode = resolve));
  vi.stubGlobal('createImageBitmap', async () => {
    await decoded;
    return { width: 1, height: 1, close: () => undefined };
  });
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
  const context = {
    window,
    strings: { language: 'en' },
    notices: { show: () => ({ close: () => undefined }) },
    preferences: { get: () => undefined, set: () => undefined },
  } as unknown as SyncContext;
  sync = new ClipboardSync(context, new ClipboardLink((frame) => sent.push(frame)));
  sync.mode = 'both';
});
afterEach(() => {
  sync.dispose();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('puts the newer one last', async () => {
  const head = Uint8Array.of(
    0x89,
    0x50,
    0x4e,
    0x47,
    13,
    10,
    26,
    10,
    0,
    0,
    0,
    13,
    73,
    72,
    68,
    82,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    1,
  );
  const png = {
    size: head.length,
    slice: () => ({ arrayBuffer: async () => head.buffer }),
    arrayBuffer: () => new Promise((resolve) => setTimeout(() => resolve(head.buffer))),
  } as unknown as Blob;
  void sync.pasted({ png });
  void sync.pasted({ text: 'newer' });
  await new Promise((resolve) => setTimeout(resolve));
  decode();
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  expect(sent.map((frame) => 'parts' in frame && frame.parts.map(({ kind }) => kind))).toEqual([['png'], ['text']]);
});
