import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { desEncrypt, vncAuthResponse } from './des.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

describe('DES', () => {
  it('agrees with OpenSSL on many keys and blocks', () => {
    for (let round = 0; round < 200; round++) {
      const key = Uint8Array.from({ length: 8 }, (_, i) => (round * 37 + i * 101 + ((round * i) >> 2)) & 255);
      const block = Uint8Array.from({ length: 8 }, (_, i) => (round * 59 + i * 17 + 3) & 255);
      // Three times the same key is plain DES, which OpenSSL 3 no longer offers by itself.
      const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([key, key, key]), null);
      cipher.setAutoPadding(false);
      const expected = Buffer.concat([cipher.update(block), cipher.final()]);
      expect(Buffer.from(desEncrypt(key, block)).toString('hex')).toBe(expected.toString('hex'));
    }
  });

  it('gives the textbook result', () => {
    expect(Buffer.from(desEncrypt(bytes('133457799bbcdff1'), bytes('0123456789abcdef'))).toString('hex')).toBe(
      '85e813540f0ab405',
    );
  });

  it('uses eight bytes of a password and no more', () => {
    const challenge = Uint8Array.from({ length: 16 }, (_, i) => i);
    expect(vncAuthResponse('longpassword', challenge)).toEqual(vncAuthResponse('longpass', challenge));
    expect(vncAuthResponse('longpas', challenge)).not.toEqual(vncAuthResponse('longpass', challenge));
  });
});
