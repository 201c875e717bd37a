/**
 * The options of `casement start` (contract section 6), by the names that job scripts use. What is given on the command
 * line wins over `--json`, and that over what comes by `--env`.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { RestartPolicy } from '../src/contract/bookmark.ts';
import { isParamName, JsonValue, Params } from '../src/contract/json.ts';
import { Geometry, SessionId } from '../src/contract/session.ts';
import { ConfigError } from '../server/config.ts';
import { ProfileSettings } from '../src/contract/profile.ts';

export const START_USAGE = `casement start --command COMMAND [options]

  --command COMMAND     what to run, as sh understands it (required)
  --geometry WxH        size of the desktop; or rootless (single windows), or fullscreen (default)
  --name NAME           what the session is called
  --param NAME=VALUE    a parameter of the session; may be repeated
  --cli                 stay until the session ends, pass its output through, end with its exit code
  --id ID               the session's id; by default a random one
  --profile NAME        settings of the session
  --keyboardLayout XX   layout to begin with (us)
  --userdata TEXT       the parameters of these names
  --userid TEXT
  --env FD              read a JSON object from this file descriptor: its member "args" holds options as above, its
                        other members are variables for the session's environment
  --json JSON           options as above, as one JSON object; "params" is an object of parameters
  --config_path DIR     link directory; default: $FX_CONFIG_DIR, or this account's own
  --data DIR            data directory of the server whose link to use

Prints the session as JSON, unless --cli is given.
`;

/** `params` may hold more than text; everything else is as on the command line. */
const Options = z.object({
  command: z.optional(z.string()),
  geometry: z.optional(z.string()),
  name: z.optional(z.string()),
  params: z.optional(Params),
  param: z.optional(z.union([z.string(), z.array(z.string())])),
  cli: z.optional(z.boolean()),
  id: z.optional(z.string()),
  profile: z.optional(z.nullable(z.string())),
  /** What that profile says, from whoever knows it: no server is asked here. */
  limits: z.optional(ProfileSettings),
  /** Whether its bookmark wants the command started again when it ends. */
  restart: z.optional(RestartPolicy),
  keyboardLayout: z.optional(z.string()),
  userdata: z.optional(JsonValue),
  userid: z.optional(JsonValue),
  config_path: z.optional(z.string()),
});
type Options = z.infer<typeof Options>;

export interface StartArguments {
  readonly command: string;
  readonly geometry: string;
  readonly name: string;
  readonly params: Params;
  readonly cli: boolean;
  readonly id: string | undefined;
  readonly profile: string | null;
  readonly limits: ProfileSettings | undefined;
  readonly restart: RestartPolicy;
  readonly keyboardLayout: string;
  readonly configPath: string | undefined;
  readonly data: string | undefined;
  /** Variables for the session. Never on a command line, where others could read them. */
  readonly variables: Readonly<Record<string, string>>;
}

function parseObject(text: string, from: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigError(`${from}: this is not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(`${from}: a JSON object is needed`);
  }
  return { ...value };
}

function parseOptions(value: unknown, from: string): Options {
  const parsed = Options.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`${from}: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}`);
  }
  return parsed.data;
}

function readEnv(text: string | undefined): { options: Options; variables: Record<string, string> } {
  if (text === undefined) return { options: {}, variables: {} };
  if (!/^\d{1,5}$/.test(text)) throw new ConfigError(`--env ${text}: the number of a file descriptor is needed`);
  let read: string;
  try {
    read = readFileSync(Number(text), 'utf8');
  } catch {
    throw new ConfigError(`--env ${text}: this file descriptor cannot be read`);
  }
  const { args, ...rest } = parseObject(read, '--env');
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) throw new ConfigError(`--env: "${name}" cannot be a variable`);
    variables[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return { options: args === undefined ? {} : parseOptions(args, '--env: args'), variables };
}

/** What one source of options says about params. @throws ConfigError for a `--param` without `=` */
function paramsOf({ param, params, userdata, userid, name }: Options): Map<string, JsonValue> {
  // No object: one would swallow a `__proto__` in silence.
  const found = new Map<string, JsonValue>(Object.entries(params ?? {}));
  for (const pair of typeof param === 'string' ? [param] : (param ?? [])) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new ConfigError(`--param ${pair}: NAME=VALUE is needed`);
    found.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  if (userdata !== undefined) found.set('userdata', userdata);
  if (userid !== undefined) found.set('userid', userid);
  if (name !== undefined) found.set('name', name);
  return found;
}

const SWITCHES = new Set(['--cli', '--help']);

/** The word behind an option is its value, whatever it begins with: a session may be called `--help`. */
function withEquals(argv: readonly string[]): string[] {
  const words: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    const value = argv[at + 1];
    if (/^--[A-Za-z]/.test(word) && !word.includes('=') && !SWITCHES.has(word) && value !== undefined) {
      words.push(`${word}=${value}`);
      at++;
    } else words.push(word);
  }
  return words;
}

/** @throws ConfigError; `'help'` where that was asked for */
export function parseStartArguments(argv: readonly string[]): StartArguments | 'help' {
  let values;
  try {
    ({ values } = parseArgs({
      args: withEquals(argv),
      options: {
        command: { type: 'string' },
        geometry: { type: 'string' },
        name: { type: 'string' },
        param: { type: 'string', multiple: true },
        cli: { type: 'boolean' },
        id: { type: 'string' },
        config_path: { type: 'string' },
        profile: { type: 'string' },
        keyboardLayout: { type: 'string' },
        userdata: { type: 'string' },
        userid: { type: 'string' },
        env: { type: 'string' },
        json: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (cause) {
    throw new ConfigError(cause instanceof Error ? cause.message : String(cause));
  }
  if (values.help) return 'help';
  const { env, json, data, help: _help, ...given } = values;
  const fromEnv = readEnv(env);
  const fromJson = json === undefined ? {} : parseOptions(parseObject(json, '--json'), '--json');
  const sources = [fromEnv.options, fromJson, parseOptions(given, 'casement start')];
  const all: Options = Object.assign({}, ...sources);
  const params = new Map(sources.flatMap((source) => [...paramsOf(source)]));
  // A name may come as the parameter of that name, too.
  const name = params.get('name');
  params.delete('name');

  if (all.command === undefined || all.command.trim() === '') throw new ConfigError('start: --command is needed');
  const geometry = all.geometry ?? 'fullscreen';
  if (!Geometry.safeParse(geometry).success) {
    throw new ConfigError(`--geometry ${geometry}: WIDTHxHEIGHT, rootless or fullscreen is needed`);
  }
  if (all.id !== undefined && !SessionId.safeParse(all.id).success) {
    throw new ConfigError(`--id ${all.id}: 4 to 64 letters, digits, - and _ are needed`);
  }
  const checked = Params.safeParse(Object.fromEntries(params));
  if (!checked.success || ![...params.keys()].every(isParamName))
    throw new ConfigError('--param: a name is a letter, then letters, digits, _ . -, at most 64');
  return {
    command: all.command,
    geometry,
    name: typeof name === 'string' && name !== '' ? name : (all.command.trim().split(/\s+/)[0] ?? ''),
    params: checked.data,
    cli: all.cli ?? false,
    id: all.id,
    profile: all.profile ?? null,
    limits: all.limits,
    restart: all.restart ?? 'never',
    keyboardLayout: all.keyboardLayout ?? 'us',
    configPath: all.config_path,
    data,
    variables: fromEnv.variables,
  };
}
