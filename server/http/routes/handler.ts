/** How a call of the API's table is answered. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod/mini';
import type { Api, ApiName, ApiResult } from '../../../src/contract/api.ts';

export interface CallContext<Name extends ApiName> {
  /** Body or query, validated, defaults filled in. */
  readonly input: z.output<Api[Name]['input']>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export type Handlers<Names extends ApiName> = {
  readonly [Name in Names]: (call: CallContext<Name>) => Promise<ApiResult<Name>> | ApiResult<Name>;
};
