/** What is wrong with a stream, by a code of the catalogue. Without the catalogue's sentences, which a worker need not load. */
import type { ErrorCode } from '../contract/errors.ts';

export type RfbErrorCode = Extract<ErrorCode, `rfb-${string}` | 'decode-failed' | 'internal'>;

/** `details` holds numbers and short words for whoever looks for the cause. */
export class RfbError extends Error {
  readonly code: RfbErrorCode;
  readonly details: unknown;

  constructor(code: RfbErrorCode, options: { details?: unknown; cause?: unknown } = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RfbError';
    this.code = code;
    this.details = options.details;
  }
}
