/** Logging in: by link, over SSH, and the addresses that FastX 2 had for the latter. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimitOptions } from '@fastify/rate-limit';
import * as z from 'zod/mini';
import { CasementError } from '../../../src/contract/errors.ts';
import { SshStage, type SshLogin } from '../../../src/contract/login.ts';
import type { HttpContext } from '../context.ts';
import { loginClient, setLoginCookie } from '../login-cookie.ts';
import type { Handlers } from './handler.ts';

const LOGIN_TRIES_PER_MINUTE = 20;
/** Addresses. */
const MOST_TOLD = 10_000;

/** A wait is for programs, too. */
function sayWhenAgain(thrown: unknown, reply: FastifyReply): void {
  if (!(thrown instanceof CasementError) || thrown.code !== 'rate-limited') return;
  const { details } = thrown;
  if (typeof details === 'object' && details !== null && 'retryAfter' in details) {
    reply.header('retry-after', String(details.retryAfter));
  }
}

async function loginOverSsh(
  { auth }: HttpContext,
  input: SshLogin,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<SshStage> {
  const { ssh } = auth;
  if (!ssh) throw new CasementError('login-unavailable');
  const { authtoken, answers, signature, username, password, basic, publicKey } = input;
  const shared = input.shared ?? false;
  try {
    let outcome;
    if (authtoken !== undefined) outcome = await ssh.go({ authtoken, answers, signature });
    else if (username === undefined) throw new CasementError('bad-request', { details: { field: 'username' } });
    else outcome = await ssh.begin({ username, password, basic, publicKey }, loginClient(request, shared));
    if (outcome.loggedIn) setLoginCookie(request, reply, outcome.loggedIn, outcome.shared ?? shared);
    return outcome.stage;
  } catch (thrown) {
    sayWhenAgain(thrown, reply);
    throw thrown;
  }
}

/** How often a link may be tried; whoever goes on is told of once a minute, lest the audit list be flooded. */
export function localLoginLimit({
  loginTriesPerMinute = LOGIN_TRIES_PER_MINUTE,
  policy,
}: HttpContext): RateLimitOptions {
  const told = new Set<string>();
  return {
    max: loginTriesPerMinute,
    timeWindow: 60_000,
    onExceeding: (_request, key) => void told.delete(key),
    onExceeded({ ip: address }, key) {
      if (told.has(key)) return;
      if (told.size >= MOST_TOLD) told.clear();
      told.add(key);
      const detail = 'with the link';
      policy.audit.record({ event: 'login-refused', login: '', address, outcome: 'rate-limited', detail });
    },
  };
}

export function loginRoutes(context: HttpContext): Handlers<'loginLocal' | 'loginSsh'> {
  return {
    async loginLocal({ input, request, reply }) {
      const loggedIn = await context.auth.loginLocal(input.secret, loginClient(request, false));
      setLoginCookie(request, reply, loggedIn, false);
      return { token: loggedIn.token };
    },
    loginSsh: ({ input, request, reply }) => loginOverSsh(context, input, request, reply),
  };
}

const Text = z.string().check(z.maxLength(8192));
/** Its pages disagree on what the answers are called, and on whether there is one or a list. */
const Answers = z.object({
  answer: z.optional(z.union([Text, z.array(Text).check(z.maxLength(64))])),
  answers: z.optional(z.array(Text).check(z.maxLength(64))),
  password: z.optional(Text),
  signature: z.optional(Text),
});
const OldLogin = z.object({
  username: z.string(),
  password: z.optional(Text),
  // Form-like clients send words.
  basic: z.optional(z.union([z.boolean(), z.enum(['true', 'false'])])),
  publicKey: z.optional(Text),
});

/** `token` stands for the login that is under way until its last stage, where it is the token of the API. */
function oldStage({ authtoken, prompts, ...stage }: SshStage): Record<string, unknown> {
  return {
    ...stage,
    ...(authtoken === undefined ? {} : { token: authtoken }),
    ...(prompts === undefined ? {} : { prompt: prompts, prompts }),
  };
}

const OldStage = z.looseObject({ stage: SshStage.shape.stage, token: z.optional(z.string()) });

export function registerOldLogins(app: FastifyInstance, context: HttpContext): void {
  const schema = { hide: true, security: [], response: { 200: z.object({ result: OldStage }) } };

  app.post('/api/login', { schema: { ...schema, body: OldLogin } }, async (request, reply) => {
    const { basic, ...input } = OldLogin.parse(request.body);
    const login = { ...input, basic: basic === true || basic === 'true' };
    return reply
      .header('cache-control', 'no-store')
      .send({ result: oldStage(await loginOverSsh(context, login, request, reply)) });
  });

  for (const path of ['password', 'keyboard-interactive', 'public-key/signed']) {
    app.post<{ Params: { token: string } }>(
      `/api/login/${path}/:token`,
      { schema: { ...schema, body: Answers, params: z.object({ token: z.string() }) } },
      async (request, reply) => {
        const { answer, answers, password, signature } = Answers.parse(request.body);
        const texts = answers ?? (typeof answer === 'string' ? [answer] : answer);
        const login = {
          authtoken: request.params.token,
          answers: texts ?? (password === undefined ? [] : [password]),
          ...(signature === undefined ? {} : { signature }),
        };
        return reply
          .header('cache-control', 'no-store')
          .send({ result: oldStage(await loginOverSsh(context, login, request, reply)) });
      },
    );
  }
}
