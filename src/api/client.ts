/** Typed calls over an injected `fetch`, by the table of `src/contract/api.ts`; every answer is checked by its schema. */
import { API, type ApiInput, type ApiName, type ApiResult } from '../contract/api.ts';
import { ApiFailure, failureFromAnswer } from './failure.ts';

export interface ApiOptions {
  /** Where the API lives; `/api` of the page's own origin unless told. */
  readonly base?: string;
  /** The `csrf` of `/api/me`, sent with every call that changes something. */
  readonly csrf?: () => string | undefined;
  /** Called when the server says that nobody is logged in, before the call rejects. */
  readonly onUnauthenticated?: () => void;
}

export interface CallOptions {
  /** Values for the `:name` members of the route's path. */
  readonly path?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** The page is going away: the call outlives it, and nobody reads the answer. */
  readonly keepalive?: boolean;
}

export interface Api {
  /** Resolves with the checked `result`; rejects with an `ApiFailure`, and with nothing else. */
  call<Name extends ApiName>(name: Name, input: ApiInput<Name>, options?: CallOptions): Promise<ApiResult<Name>>;
}

/** Spaces the query's members out as `a=1&a=2` for arrays; members that are absent are left out. */
function queryOf(input: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input) as [string, unknown][]) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof one === 'string' || typeof one === 'number') query.append(name, String(one));
    }
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

function fillPath(path: string, members: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_all, name: string) => {
    const value = members[name];
    if (value === undefined) throw new TypeError(`the path ${path} needs a value for ${name}`);
    return encodeURIComponent(value);
  });
}

export function createApi(fetch: typeof globalThis.fetch, options: ApiOptions = {}): Api {
  const base = options.base ?? '/api';

  async function send(url: string, init: RequestInit): Promise<{ status: number; ok: boolean; body: unknown }> {
    let response: Response;
    try {
      response = await fetch(url, init);
    } catch (cause) {
      throw new ApiFailure(init.signal?.aborted ? 'aborted' : 'offline', { cause });
    }
    const body: unknown = await response.json().catch(() => undefined);
    return { status: response.status, ok: response.ok, body };
  }

  return {
    async call<Name extends ApiName>(name: Name, input: ApiInput<Name>, call: CallOptions = {}) {
      const route = API[name];
      const path = base + fillPath(route.path, call.path ?? {});
      const csrf = options.csrf?.();
      const reading = route.method === 'GET';
      const { status, ok, body } = await send(reading ? path + queryOf(input) : path, {
        method: route.method,
        credentials: 'same-origin',
        headers: {
          accept: 'application/json',
          ...(reading ? {} : { 'content-type': 'application/json' }),
          ...(reading || csrf === undefined ? {} : { 'x-csrf-token': csrf }),
          ...call.headers,
        },
        ...(reading ? {} : { body: JSON.stringify(input) }),
        ...(call.signal ? { signal: call.signal } : {}),
        ...(call.keepalive ? { keepalive: true } : {}),
      });
      if (!ok) {
        const failure = failureFromAnswer(status, body);
        if (failure.code === 'unauthenticated') options.onUnauthenticated?.();
        throw failure;
      }
      const result = typeof body === 'object' && body !== null && 'result' in body ? body.result : undefined;
      const checked = route.result.safeParse(result);
      if (!checked.success) {
        throw new ApiFailure('unexpected-answer', { status, details: checked.error.issues[0]?.path.join('.') });
      }
      // The table's entry for `name` made both the check and this type; TypeScript cannot follow the index.
      return checked.data as ApiResult<Name>;
    },
  };
}
