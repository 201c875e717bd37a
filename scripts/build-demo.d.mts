export function buildDemo(out?: string): Promise<void>;
