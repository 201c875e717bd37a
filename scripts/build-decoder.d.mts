/** Compiles the decoder if it is older than its sources; resolves with the wasm's path. */
export function buildDecoder(options?: { force?: boolean; log?: (line: string) => void }): Promise<string>;
