/** Turns whatever was thrown into an answer by the catalogue. The cause stays in the log, found by `ref`. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CasementError, ERRORS, type ApiError } from '../../src/contract/errors.ts';

interface ValidationIssue {
  readonly instancePath?: string;
  readonly keyword?: string;
  readonly message?: string;
}

/** `/params/a~1b` → `params.a/b`; an issue about the whole body names the body. */
function fieldOf(issue: ValidationIssue | undefined, context: string | undefined): string {
  const path = (issue?.instancePath ?? '').split('/').slice(1);
  const names = path.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.join('.') || (context ?? 'body');
}

function fromValidation(error: Partial<FastifyError>): CasementError {
  const issue: ValidationIssue | undefined = error.validation?.[0];
  const field = fieldOf(issue, error.validationContext);
  // A record's key that the contract refuses: the only place where a name, not a value, is wrong.
  if (issue?.keyword === 'invalid_key') {
    return new CasementError('param-name', { details: { field } });
  }
  const message = `${field}: ${issue?.message ?? 'invalid'}`;
  return new CasementError('bad-request', { message, details: { field } });
}

/** Any error, as one of the catalogue. */
export function toCasementError(error: unknown): CasementError {
  if (error instanceof CasementError) return error;
  if (!(error instanceof Error)) return new CasementError('internal', { cause: error });
  const known: Partial<FastifyError> = error;
  if (known.validation) return fromValidation(known);
  switch (known.statusCode) {
    case 404:
      return new CasementError('not-found');
    case 413:
      return new CasementError('too-large');
    case 429:
      return new CasementError('rate-limited');
    case 503:
      return new CasementError('unavailable');
    case undefined:
      break;
    default:
      if (known.statusCode < 500) {
        // Of Fastify and its JSON parser: their sentences name no secret and hold nothing of the body.
        const message = known.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' ? 'The body has to be JSON.' : undefined;
        return new CasementError('bad-request', {
          ...(message === undefined ? {} : { message }),
          details: { field: 'body' },
          cause: error,
        });
      }
  }
  return new CasementError('internal', { cause: error });
}

export function errorBody(error: CasementError, ref: string): { error: ApiError } {
  return { error: { ...error.toJSON(), ref } };
}

function answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toCasementError(thrown);
  const status = ERRORS[error.code].status || 500;
  if (error.code === 'internal') request.log.error({ err: thrown }, 'request failed');
  else request.log.info({ code: error.code, cause: error.cause }, 'request refused');
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(errorBody(error, request.id));
}

export function installErrors(app: FastifyInstance): void {
  app.setErrorHandler(answer);
}
