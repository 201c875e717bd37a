/** What `config.json` says of the identity provider. */
import * as z from 'zod/mini';

const Text = z.string().check(z.minLength(1));

export const OidcConfig = z.strictObject({
  /** `https://…`; plain `http` only on this machine itself. */
  issuer: z.url(),
  clientId: Text,
  /** The file with the client's secret; absent: a public client. */
  clientSecretFile: z.optional(Text),
  /** On the button. */
  label: z.optional(z.string().check(z.maxLength(60))),
  scope: z._default(Text, 'openid profile email'),
  /** As it is registered with the provider; absent: made from the address the browser uses. */
  redirectUri: z.optional(z.url()),
  /** The claim that names the Unix account. */
  claim: z._default(Text, 'preferred_username'),
  /** An executable that gets `{ authMethod, data: { user: CLAIMS } }` as JSON and prints the account's name instead. */
  mapper: z.optional(Text),
  /** The claim with the person's groups at the provider, and what those entitle to. */
  groupsClaim: z.optional(Text),
  admins: z._default(z.array(Text), []),
  managers: z._default(z.array(Text), []),
});
export type OidcConfig = z.infer<typeof OidcConfig>;
