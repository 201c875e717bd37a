export function buildSdk(out?: string): Promise<{ script: number; module: number; desktop: number }>;
