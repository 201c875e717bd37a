/** Logging in over SSH as a state machine, and the list of one's own logins (contract section 1). */
import * as z from 'zod/mini';

export const SshPrompt = z.object({
  /** Word for word as the session server asks it. */
  prompt: z.string(),
  /** Whether what is typed may be seen. */
  echo: z.boolean(),
});
export type SshPrompt = z.infer<typeof SshPrompt>;

/**
 * `password` and `keyboard-interactive` ask `prompts`, to be answered one string each; `public-key` asks for a signature
 * over `challenge`; `success` brings the token.
 */
export const SshStage = z.object({
  stage: z.enum(['password', 'keyboard-interactive', 'public-key', 'success']),
  /** Stands for this login until its end; sent back with the answers. */
  authtoken: z.optional(z.string()),
  prompts: z.optional(z.array(SshPrompt)),
  /** A title that the session server gives its prompts. */
  name: z.optional(z.string()),
  instruction: z.optional(z.string()),
  /** What the session server said besides: its banner, messages of its login modules. */
  notice: z.optional(z.string()),
  /** Bytes in base64. */
  challenge: z.optional(z.string()),
  /** For RSA keys: `sha256` or `sha512`. */
  hash: z.optional(z.string()),
  token: z.optional(z.string()),
  /** The session server that was logged in to. */
  host: z.optional(z.string()),
});
export type SshStage = z.infer<typeof SshStage>;

/** Bounds of what is typed; the names of accounts are checked by the server, which gives no reasons. */
const Answer = z.string().check(z.maxLength(8192));

export const SshLogin = z.object({
  username: z.optional(z.string()),
  password: z.optional(Answer),
  basic: z.optional(z.boolean()),
  /** One line in OpenSSH's format. */
  publicKey: z.optional(z.string().check(z.maxLength(8192))),
  /** Others use this computer, too: the login ends with the browser. */
  shared: z.optional(z.boolean()),
  authtoken: z.optional(z.string().check(z.maxLength(128))),
  answers: z.optional(z.array(Answer).check(z.maxLength(64))),
  /** Bytes in base64. */
  signature: z.optional(z.string().check(z.maxLength(8192))),
});
export type SshLogin = z.infer<typeof SshLogin>;

export const Login = z.object({
  id: z.string(),
  /** The one that asks. */
  current: z.boolean(),
  method: z.enum(['local', 'ssh', 'oidc']),
  /** Such as "Firefox on Linux"; empty where it could not be told. */
  browser: z.string(),
  address: z.string(),
  /** Milliseconds since 1970. */
  created: z.number(),
  lastUsed: z.number(),
  expires: z.number(),
});
export type Login = z.infer<typeof Login>;
