/** What the host says to the server's log. */
import { CasementError } from '../../src/contract/errors.ts';

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** With what lies behind it: sentences for people leave out what an administrator needs. */
export function reasonOf(error: Error): string {
  const own = error instanceof CasementError ? `${error.code}: ${error.message}` : error.message;
  return error.cause instanceof Error ? `${own} (${reasonOf(error.cause)})` : own;
}
