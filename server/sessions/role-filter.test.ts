import { describe, expect, it } from 'vitest';
import type { Role } from '../../src/contract/session.ts';
import { createRoleFilter } from './role-filter.ts';

const key = [4, 1, 0, 0, 0, 0, 0, 0x61];
const qemuKey = [255, 0, 0, 1, 0, 0, 0, 0x61, 0, 0, 0, 30];
const pointer = [5, 1, 0, 10, 0, 10];
const cutText = [6, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3];
const size = [251, 0, 0, 100, 0, 100, 1, 0, ...Array.from({ length: 16 }, () => 0)];
const request = [3, 1, 0, 0, 0, 0, 0, 100, 0, 100];
const encodings = [2, 0, 0, 1, 0, 0, 0, 0];
const handshake = [...Buffer.from('RFB 003.008\n'), 1, 1];
const u16 = (value: number) => [value >> 8, value & 255];
const screen = (id: number, x: number, width: number, height: number) =>
  [[0, 0, 0, id], u16(x), u16(0), u16(width), u16(height), [0, 0, 0, 0]].flat();
const everything = [
  ...handshake,
  ...encodings,
  ...key,
  ...request,
  ...qemuKey,
  ...pointer,
  ...cutText,
  ...size,
  ...request,
];

function filtered(role: Role, chunks: Uint8Array[]): number[] {
  const out: number[] = [];
  const push = createRoleFilter(role, (bytes) => out.push(...bytes));
  for (const chunk of chunks) push(chunk);
  return out;
}

describe('what a role may send', () => {
  it.each(['viewer', 'master-viewer'] as const)('%s: pictures only, however the bytes are cut', (role) => {
    const watching = [...handshake, ...encodings, ...request, ...request];
    expect(filtered(role, [Uint8Array.from(everything)])).toEqual(watching);
    expect(
      filtered(
        role,
        everything.map((byte) => Uint8Array.of(byte)),
      ),
    ).toEqual(watching);
  });

  it.each(['master', 'controller'] as const)('%s: everything but a clipboard past the profile', (role) => {
    const allowed = [...handshake, ...encodings, ...key, ...request, ...qemuKey, ...pointer, ...size, ...request];
    expect(filtered(role, [Uint8Array.from(everything)])).toEqual(allowed);
    expect(
      filtered(
        role,
        everything.map((byte) => Uint8Array.of(byte)),
      ),
    ).toEqual(allowed);
  });

  it('tells of the sizes that someone in control asks for', () => {
    const sizes: number[][] = [];
    const push = createRoleFilter('master', () => undefined, {
      size: ({ width, height }) => sizes.push([width, height]),
    });
    for (const byte of everything) push(Uint8Array.of(byte));
    expect(sizes).toEqual([[100, 100]]);
  });

  it('hears of input by those who may give it, however the bytes are cut', () => {
    const inputs = (role: Role) => {
      let count = 0;
      const push = createRoleFilter(role, () => undefined, { input: () => count++ });
      for (const byte of everything) push(Uint8Array.of(byte));
      return count;
    };
    expect([inputs('master'), inputs('controller'), inputs('viewer'), inputs('inactive')]).toEqual([3, 3, 0, 0]);
  });

  it('makes one screen of the largest size out of what is larger, and leaves the rest as it is', () => {
    const asked = [251, 0, 8, 0, 2, 0, 2, 0, ...screen(7, 0, 1024, 512), ...screen(8, 1024, 1024, 512)];
    const all = [...handshake, ...key, ...asked, ...size, ...request];
    const sizes: number[][] = [];
    const out: number[] = [];
    const push = createRoleFilter(
      'master',
      (bytes) => out.push(...bytes),
      { size: ({ width, height }) => sizes.push([width, height]) },
      { width: 1200, height: 900 },
    );
    for (const byte of all) push(Uint8Array.of(byte));
    const clamped = [251, 0, 4, 176, 2, 0, 1, 0, ...screen(7, 0, 1200, 512)];
    expect(out).toEqual([...handshake, ...key, ...clamped, ...size, ...request]);
    expect(sizes).toEqual([
      [1200, 512],
      [100, 100],
    ]);
  });

  it('inactive: nothing', () => {
    expect(filtered('inactive', [Uint8Array.from(everything)])).toEqual([]);
  });

  it.each(['master', 'viewer'] as const)('a %s that sends garbage gets an error, not a guess', (role) => {
    expect(() => filtered(role, [Uint8Array.from([...handshake, 99])])).toThrow();
  });
});
