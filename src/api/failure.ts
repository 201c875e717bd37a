/** What a call that did not succeed rejects with: a stable code, and a sentence that may be shown. */
import { ApiError, ERRORS, isErrorCode, type ErrorCode } from '../contract/errors.ts';

/** Beyond the catalogue: the network did not answer, a call was given up, or the answer is not of our making. */
export type FailureCode = ErrorCode | 'offline' | 'aborted' | 'unexpected-answer';

const OWN_MESSAGES: Record<Exclude<FailureCode, ErrorCode>, string> = {
  offline: 'The server cannot be reached.',
  aborted: 'The call was given up.',
  'unexpected-answer': 'The server answered something this page does not understand. Reload the page.',
};

/** Codes after which the same call may succeed without anything being changed. */
const RETRYABLE: readonly FailureCode[] = ['offline', 'unavailable', 'rate-limited', 'timeout', 'busy', 'link-failed'];

export interface FailureOptions {
  readonly message?: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status?: number;
  readonly details?: unknown;
  /** Finds the server's log line. */
  readonly ref?: string;
  readonly cause?: unknown;
}

export class ApiFailure extends Error {
  readonly code: FailureCode;
  readonly status: number;
  readonly details: unknown;
  readonly ref: string | undefined;

  constructor(code: FailureCode, options: FailureOptions = {}) {
    super(
      options.message ?? (isErrorCode(code) ? ERRORS[code].message : OWN_MESSAGES[code]),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'ApiFailure';
    this.code = code;
    this.status = options.status ?? 0;
    this.details = options.details;
    this.ref = options.ref;
  }

  get retryable(): boolean {
    return RETRYABLE.includes(this.code);
  }
}

/** Any thrown value as a failure, so that a page has one kind of error to show. */
export function toFailure(thrown: unknown): ApiFailure {
  if (thrown instanceof ApiFailure) return thrown;
  return new ApiFailure('unexpected-answer', { cause: thrown });
}

/** The failure in an answer's body; a proxy's HTML page and other surprises become `unexpected-answer`. */
export function failureFromAnswer(status: number, body: unknown): ApiFailure {
  const error =
    typeof body === 'object' && body !== null && 'error' in body ? ApiError.safeParse(body.error) : undefined;
  if (error?.success) {
    const { name, message, details, ref } = error.data;
    const code: FailureCode = isErrorCode(name) ? name : 'unexpected-answer';
    return new ApiFailure(code, { message, status, details, ...(ref === undefined ? {} : { ref }) });
  }
  if (status === 401) return new ApiFailure('unauthenticated', { status });
  if (status === 429) return new ApiFailure('rate-limited', { status });
  // Gateways answer for a server that is being restarted.
  if (status >= 502 && status <= 504) return new ApiFailure('unavailable', { status });
  return new ApiFailure('unexpected-answer', { status });
}
