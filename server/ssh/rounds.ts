/** What an SSH server asks before it lets somebody in, one round after the other. */
import type { Client } from 'ssh2';

export interface SshPrompt {
  /** As the server worded it. */
  readonly prompt: string;
  /** Whether what is typed may be seen. */
  readonly echo: boolean;
}

interface Notices {
  /** What the server said since the round before: banners, and messages of its login modules. `''` for nothing. */
  readonly notice: string;
}

export type SshRound =
  | (Notices & { readonly kind: 'password' })
  /** The password was right and has to be replaced; the server's own sentence about that. */
  | (Notices & { readonly kind: 'new-password'; readonly prompt: string })
  | (Notices & {
      readonly kind: 'keyboard-interactive';
      readonly name: string;
      readonly instruction: string;
      readonly prompts: readonly SshPrompt[];
    })
  /** The server takes the key that was offered and wants `data` signed; `hash` is set for RSA keys alone. */
  | (Notices & { readonly kind: 'public-key'; readonly data: Buffer; readonly hash: string | undefined });

export type SshStep =
  | { readonly kind: 'round'; readonly round: SshRound }
  /** Whoever gets the client owns it, and ends it. It has a listener for errors, so one that is lost throws nothing. */
  | (Notices & { readonly kind: 'success'; readonly client: Client });
