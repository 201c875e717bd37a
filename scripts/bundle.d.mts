/** Program name in the output folder → its source. */
export const PROGRAMS: Readonly<Record<string, string>>;
/** Bundles programs into `outDir`, an absolute path; all of them where no names are given. */
export function bundlePrograms(outDir: string, names?: readonly string[]): Promise<void>;
