/** A real identity provider with its own pages, on a loopback port. Anybody may log in there, as whoever `person` is. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { Provider } from 'oidc-provider';

export interface IdentityProvider {
  readonly issuer: string;
  /** Claims of whoever logs in next. */
  person: Record<string, unknown>;
  readonly secret: string;
  /** Begins to answer, for the server at this address; it and the server have to know each other's. */
  serve(site: string): void;
  stop(): Promise<void>;
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const http = createServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const idp: IdentityProvider = {
    issuer: `http://127.0.0.1:${address.port}`,
    person: {},
    secret: 'a-client-secret-of-some-length',
    serve(site) {
      const provider = new Provider(idp.issuer, {
        clients: [
          {
            client_id: 'casement',
            client_secret: idp.secret,
            redirect_uris: [`${site}/api/auth/oidc/callback`],
            post_logout_redirect_uris: [`${site}/login`],
          },
        ],
        pkce: { required: () => true },
        claims: { openid: ['sub'], profile: ['preferred_username'] },
        findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, ...idp.person }) }),
        cookies: { keys: ['for a test'] },
      });
      const handle = provider.callback();
      http.on('request', (request, response) => void handle(request, response));
    },
    async stop() {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
  return idp;
}
