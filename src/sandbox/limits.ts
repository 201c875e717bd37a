/** What one call of a function may use (contract section 3). */

export const MEMORY_BYTES = 32 * 1024 * 1024;
export const STACK_BYTES = 256 * 1024;
/** Milliseconds of wall clock, held by whoever can end the thread that the engine runs in. */
export const WALL_MS = 1000;
/**
 * Milliseconds after which the engine is asked to stop by itself. It does where it can, and then says so with the logs;
 * a sort, for one, does not look at the clock, which is what `WALL_MS` is for.
 */
export const SOFT_MS = 900;
/** Lines and characters that `log` keeps of one call. */
export const LOG_LINES = 200;
export const LOG_LINE = 2000;
/** Characters of a message or a stack that is kept of a failure. */
export const MESSAGE = 2000;
/** Levels of a result. Deeper ones only serve to exhaust whoever walks through them. */
export const RESULT_DEPTH = 64;
