/** The arguments that several subcommands share. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, defaultDataDir } from '../server/config.ts';
import type { Io } from './io.ts';

export interface DataArgs {
  readonly dataDir: string;
  readonly positionals: readonly string[];
  readonly json: boolean;
  readonly all: boolean;
}

/** @throws ConfigError */
export function parseDataArgs(argv: readonly string[], io: Io): DataArgs {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { data: { type: 'string' }, json: { type: 'boolean' }, all: { type: 'boolean' } },
      allowPositionals: true,
    });
    return {
      dataDir: resolve(values.data ?? defaultDataDir(io.env)),
      positionals,
      json: values.json ?? false,
      all: values.all ?? false,
    };
  } catch (cause) {
    throw new ConfigError(cause instanceof Error ? cause.message : String(cause));
  }
}
