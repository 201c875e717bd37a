/** A key whose private half is somewhere else: `ssh2` takes it for an agent that holds this one key. */
import type { BaseAgent, IdentityCallback, ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2';
import type { Ssh2 } from './load.ts';

/** Characters. An RSA key of 16384 bits, the largest OpenSSH takes, has some 2,800. */
const MAX_LENGTH = 8192;

/** @returns `undefined` for what is no public key in OpenSSH's one-line format */
export function parsePublicKey(ssh2: Ssh2, text: string): ParsedKey | undefined {
  if (text.length > MAX_LENGTH || /[\r\n]/.test(text.trim())) return undefined;
  const key = ssh2.utils.parseKey(text);
  return key instanceof Error || key.isPrivateKey() ? undefined : key;
}

/** Asks `sign` for the signature over `data`, and hands on what it resolves to. */
export function outsideKey(
  ssh2: Ssh2,
  key: ParsedKey,
  sign: (data: Buffer, hash: string | undefined) => Promise<Buffer>,
): BaseAgent {
  class OutsideKey extends ssh2.BaseAgent<ParsedKey> {
    override getIdentities(done: IdentityCallback<ParsedKey>): void {
      done(undefined, [key]);
    }

    override sign(
      _key: ParsedKey,
      data: Buffer,
      options: SigningRequestOptions | SignCallback,
      done?: SignCallback,
    ): void {
      const callback = typeof options === 'function' ? options : done;
      const hash = typeof options === 'function' ? undefined : options.hash;
      sign(data, hash).then(
        (signature) => callback?.(undefined, signature),
        (cause: unknown) => callback?.(cause instanceof Error ? cause : new Error(String(cause))),
      );
    }
  }
  return new OutsideKey();
}
