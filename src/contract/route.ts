/** One call of the HTTP API, as a row of its table. The rows of a room stand in a file of their own, `api-*.ts`. */
import * as z from 'zod/mini';

export interface Route<Body extends z.ZodMiniType = z.ZodMiniType, Result extends z.ZodMiniType = z.ZodMiniType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api`, with `:name` for path members. */
  readonly path: string;
  /** `false`: may be called by someone who is not logged in. */
  readonly auth: boolean;
  readonly summary: string;
  /** Body of a POST or PUT; the query of a GET. */
  readonly input: Body;
  readonly result: Result;
}

export function route<Body extends z.ZodMiniType, Result extends z.ZodMiniType>(
  definition: Route<Body, Result>,
): Route<Body, Result> {
  return definition;
}

/** No input, or no result. */
export const Nothing = z.object({});
