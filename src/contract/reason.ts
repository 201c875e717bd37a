/** An error for whoever looks for its cause. */
import { CasementError } from './errors.ts';

/** With what lies behind it: sentences for people leave out what an administrator needs. */
export function reasonOf(error: Error): string {
  const own = error instanceof CasementError ? `${error.code}: ${error.message}` : error.message;
  return error.cause instanceof Error ? `${own} (${reasonOf(error.cause)})` : own;
}
