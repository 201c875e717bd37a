/** `ssh2` takes 14 MiB and some 40 ms to load, so a server that nobody logs in to over SSH does not. */
export type Ssh2 = typeof import('ssh2');

export async function loadSsh2(): Promise<Ssh2> {
  // A CommonJS package: all it has is its default export.
  return (await import('ssh2')).default;
}
