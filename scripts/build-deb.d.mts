/** Makes the package in `outDir` with the built pages of `web`. Resolves with its path. */
export function buildDeb(outDir: string, web?: string): Promise<string>;
