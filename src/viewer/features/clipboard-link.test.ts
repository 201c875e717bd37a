import { describe, expect, it } from 'vitest';
import { CLIP_PIECE_BYTES, type ClipServerFrame, type ClipViewerFrame } from '../../contract/clipboard.ts';
import { ClipboardLink } from './clipboard-link.ts';

const offer = (serial: number, kinds: ('text' | 'html' | 'png')[] = ['text']) =>
  ({ t: 'clip.offer', serial, selection: 'clipboard', kinds, fresh: true }) as const;

function make() {
  const sent: ClipViewerFrame[] = [];
  const link = new ClipboardLink((frame) => sent.push(frame));
  const hear = (...frames: ClipServerFrame[]) => frames.forEach((frame) => link.receive(frame));
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  return { link, sent, hear, settled };
}

const long = Uint8Array.from({ length: CLIP_PIECE_BYTES * 2 + 5 }, (_, at) => at);
/** Comparing so many numbers one by one with a word for each takes seconds. */
const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, at) => byte === b[at]);
const base64 = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

describe('pasting', () => {
  it('goes in pieces that are asked for, and is done when the session says so', async () => {
    const { link, sent, hear } = make();
    const put = link.put(new Map([['png', long]]), ['clipboard', 'primary']);
    const n = 1;
    hear({ t: 'clip.next', n }, { t: 'clip.next', n });
    expect(sent.map(({ t }) => t)).toEqual(['clip.put', 'clip.data', 'clip.data']);
    const bytes = sent.flatMap((frame) => ('data' in frame ? Array.from(atob(frame.data)) : []));
    expect(
      same(
        Uint8Array.from(bytes, (one) => one.charCodeAt(0)),
        long,
      ),
    ).toBe(true);
    hear({ t: 'clip.done', n: 7 }, { t: 'clip.done', n });
    await expect(put).resolves.toBeUndefined();
  });

  it('is refused with the reason, replaced by a newer one, and over with its connection', async () => {
    const { link, hear } = make();
    const text = (words: string) => new Map([['text', new TextEncoder().encode(words)] as const]);
    const first = link.put(text('a'), ['clipboard']);
    const second = link.put(text('b'), ['clipboard']);
    await expect(first).rejects.toMatchObject({ reason: 'replaced' });
    hear({ t: 'clip.fail', n: 2, reason: 'forbidden' });
    await expect(second).rejects.toMatchObject({ reason: 'forbidden' });
    const third = link.put(text('c'), ['clipboard']);
    link.lost();
    await expect(third).rejects.toMatchObject({ reason: 'unavailable' });
    await expect(
      link.put(new Map([['text', new Uint8Array(16 * 1024 * 1024 + 1)]]), ['clipboard']),
    ).rejects.toMatchObject({ reason: 'too-large' });
  });
});

describe('fetching', () => {
  it('asks one after the other, for each once, and puts the pieces together', async () => {
    const { link, sent, hear, settled } = make();
    const one = offer(4, ['text', 'png']);
    hear(one);
    const text = link.get(one, 'text');
    const png = link.get(one, 'png');
    expect(link.get(one, 'text')).toBe(text);
    await settled();
    expect(sent).toEqual([{ t: 'clip.get', n: 1, serial: 4, kind: 'text' }]);
    hear({ t: 'clip.data', n: 1, data: btoa('hello'), left: 0 });
    expect(new TextDecoder().decode(await text)).toBe('hello');
    await settled();
    const half = CLIP_PIECE_BYTES;
    hear({ t: 'clip.data', n: 2, data: base64(long.subarray(0, half)), left: long.length - half });
    hear({ t: 'clip.data', n: 2, data: base64(long.subarray(half)), left: 0 });
    expect(same(await png, long)).toBe(true);
    expect(sent.map(({ t }) => t)).toEqual(['clip.get', 'clip.get', 'clip.next']);
  });

  it('asks for nothing that is gone, and for what failed anew', async () => {
    const { link, sent, hear, settled } = make();
    hear(offer(1));
    const first = link.get(offer(1), 'text');
    hear(offer(2));
    await expect(first).rejects.toMatchObject({ reason: 'gone' });
    const second = link.get(offer(2), 'text');
    await settled();
    hear({ t: 'clip.fail', n: 1, reason: 'timeout' });
    await expect(second).rejects.toMatchObject({ reason: 'timeout' });
    void link.get(offer(2), 'text').catch(() => undefined);
    await settled();
    expect(sent).toHaveLength(2);
    hear(offer(3, []));
    expect(link.offer('clipboard')).toBeUndefined();
  });
});
