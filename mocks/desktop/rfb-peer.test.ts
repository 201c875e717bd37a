import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RfbError } from '../../src/rfb/rfb-error.ts';
import { keyEvent, setEncodings, setPixelFormat, updateRequest } from '../../src/rfb/encode.ts';
import { Encoding } from '../../src/rfb/constants.ts';
import { CURSORS } from './cursors.ts';
import { convertPixels, readPixelFormat } from './pixel-format.ts';
import { RfbPeer } from './rfb-peer.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function connect() {
  const sent: Uint8Array[] = [];
  const heard: unknown[] = [];
  const picture = {
    width: 4,
    height: 2,
    name: 'demo',
    read: ({ width, height }: { width: number; height: number }) => new Uint8ClampedArray(width * height * 4).fill(7),
  };
  const peer = new RfbPeer(
    picture,
    {
      key: (down, keysym) => heard.push(['key', down, keysym]),
      pointer: (x, y, buttons) => heard.push(['pointer', x, y, buttons]),
      cutText: (text) => heard.push(['cut', text]),
      resize: (width, height) => {
        heard.push(['resize', width, height]);
        if (width > 100) return 3;
        Object.assign(picture, { width, height });
        peer.resized('thisClient');
        return 0;
      },
    },
    (bytes) => sent.push(bytes),
  );
  const take = (): number[] => sent.splice(0).flatMap((part) => [...part]);
  return { peer, heard, take };
}

function running(encodings: number[]) {
  const { peer, heard, take } = connect();
  peer.push(new TextEncoder().encode('RFB 003.008\n'));
  peer.push(new Uint8Array([1]));
  peer.push(new Uint8Array([1]));
  peer.push(setPixelFormat());
  peer.push(setEncodings(encodings));
  take();
  return { peer, heard, take };
}

const ask = (width: number) => new Uint8Array([251, 0, 0, width, 0, 8, 0, 0]);
const request = (incremental: boolean) => updateRequest(incremental, 0, 0, 4, 2);

describe('the demo’s RFB server', () => {
  it('greets, offers no security, and introduces its picture', () => {
    const { peer, take } = connect();
    expect(String.fromCharCode(...take())).toBe('RFB 003.008\n');
    peer.push(new TextEncoder().encode('RFB 003.008\n'));
    expect(take()).toEqual([1, 1]);
    peer.push(new Uint8Array([1]));
    expect(take()).toEqual([0, 0, 0, 0]);
    peer.push(new Uint8Array([1]));
    const init = take();
    expect(init.slice(0, 8)).toEqual([0, 4, 0, 2, 32, 24, 0, 1]);
    expect(String.fromCharCode(...init.slice(24))).toBe('demo');
  });

  it('sends the whole picture when asked, and then only what changed, once it is asked again', () => {
    const { peer, take } = running([Encoding.raw]);
    peer.push(request(false));
    vi.runAllTimers();
    const first = take();
    expect(first.slice(0, 16)).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 2, 0, 0, 0, 0]);
    expect(first).toHaveLength(16 + 4 * 2 * 4);
    peer.damage({ x: 1, y: 1, width: 2, height: 1 });
    vi.runAllTimers();
    expect(take()).toEqual([]);
    peer.push(request(true));
    vi.runAllTimers();
    expect(take().slice(0, 12)).toEqual([0, 0, 0, 1, 0, 1, 0, 1, 0, 2, 0, 1]);
  });

  it('tells moved pixels as CopyRect to those who know it, as pixels to others', () => {
    for (const [encodings, encoding] of [
      [[Encoding.raw, Encoding.copyRect], Encoding.copyRect],
      [[Encoding.raw], Encoding.raw],
    ] as const) {
      const { peer, take } = running([...encodings]);
      peer.push(request(true));
      peer.move({ from: { x: 0, y: 0, width: 2, height: 2 }, dx: 2, dy: 0 });
      vi.runAllTimers();
      expect(take().slice(4, 16)).toEqual([0, 2, 0, 0, 0, 2, 0, 2, 0, 0, 0, encoding]);
    }
  });

  it('takes another size and says so, and says when it does not', () => {
    const { peer, heard, take } = running([Encoding.raw, Encoding.extendedDesktopSize]);
    peer.push(request(true));
    vi.runAllTimers();
    // The present size, unasked: so the client knows that it may ask.
    expect(take().slice(4, 16)).toEqual([0, 0, 0, 0, 0, 4, 0, 2, 255, 255, 254, 204]);
    peer.push(request(true));
    peer.push(ask(6));
    vi.runAllTimers();
    expect(heard).toEqual([['resize', 6, 8]]);
    expect(take().slice(4, 12)).toEqual([0, 1, 0, 0, 0, 6, 0, 8]);
    peer.push(request(true));
    peer.push(ask(200));
    vi.runAllTimers();
    expect(take().slice(4, 12)).toEqual([0, 1, 0, 3, 0, 6, 0, 8]);
  });

  it('hands keys and pointer on, byte by byte as well', () => {
    const { peer, heard } = running([Encoding.raw]);
    for (const byte of [...keyEvent(true, 0x61), 5, 1, 0, 3, 0, 1]) peer.push(new Uint8Array([byte]));
    expect(heard).toEqual([
      ['key', true, 0x61],
      ['pointer', 3, 1, 1],
    ]);
  });

  it('sends the pointer’s shape with a mask', () => {
    const { peer, take } = running([Encoding.raw, Encoding.cursor]);
    peer.cursor(CURSORS.text);
    peer.push(request(true));
    vi.runAllTimers();
    const { width, height, hotX, hotY } = CURSORS.text;
    const message = take();
    expect(message.slice(4, 16)).toEqual([0, hotX, 0, hotY, 0, width, 0, height, 255, 255, 255, 17]);
    expect(message).toHaveLength(16 + width * height * 4 + Math.ceil(width / 8) * height);
  });

  it('refuses what is not RFB', () => {
    const { peer } = connect();
    expect(() => peer.push(new TextEncoder().encode('GET / HTTP/1.1\r\n'))).toThrow(RfbError);
  });
});

const format = (bytes: number[]) => {
  const read = readPixelFormat(new Uint8Array([...bytes, 0, 0, 0]));
  if (!read) throw new Error('not read');
  return read;
};

describe('pixel formats', () => {
  it('turns RGBA into 16 and 8 bits of either byte order', () => {
    const red = new Uint8ClampedArray([255, 0, 0, 255]);
    const rgb565 = [16, 16, 1, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0];
    expect([...convertPixels(red, format(rgb565))]).toEqual([0xf8, 0]);
    rgb565[2] = 0;
    expect([...convertPixels(red, format(rgb565))]).toEqual([0, 0xf8]);
    expect([...convertPixels(red, format([8, 8, 0, 1, 0, 7, 0, 7, 0, 3, 0, 3, 6]))]).toEqual([7]);
    expect(readPixelFormat(new Uint8Array(16))).toBeUndefined();
  });
});
