/** The command line of `clientcomm` (contract section 5). Both `--type X` and `--type=X`; a lone `-` reads the message. */

export interface ClientCommArguments {
  readonly id: string | undefined;
  readonly configPath: string | undefined;
  readonly type: string;
  /** As given; absent means everybody. */
  readonly clients: string | undefined;
  readonly list: boolean;
  readonly listen: boolean;
  /** Of `--listen`; absent: all types. */
  readonly listenType: string | undefined;
  readonly exec: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
  readonly timeoutMs: number | undefined;
  /** The words of the message, joined by blanks; `undefined`: read standard input. */
  readonly message: string | undefined;
}

export class UsageError extends Error {}

export const USAGE = `usage: clientcomm [--id=ID] [--config_path=PATH] [--type=TYPE] [--clients=A,B] [--timeout=S] MESSAGE...
       clientcomm --list [--json]
       clientcomm --listen [--type=TYPE] [--exec=PROGRAM]

  --id           session; default: $FASTX_SESSION_ID
  --config_path  link directory; default: $FX_CONFIG_DIR
  --type         type of the message; default: fx-notify
  --clients      with a comma: a notification to these clients and roles; without: a question to one
                 client or role, whose answer is printed; absent: a notification to all
  --timeout      seconds to wait for the answer; default: for ever
  --list         prints the connected clients; with --json as JSON
  --listen       prints what the page around the viewer says to the session, each message as a line of JSON;
                 a line {"number":N,"data":…} or {"number":N,"error":{"name":…}} on standard input answers one
  --exec         runs this program for each message instead, with the data on its standard input and
                 CLIENTCOMM_TYPE and CLIENTCOMM_FROM in its environment; what it prints is the answer
  MESSAGE        the data; "-" reads it from standard input

exit code: 0 delivered or answered, 1 error, 2 usage, 3 nobody to send to, 4 timeout
`;

const VALUES = new Set(['id', 'config_path', 'type', 'clients', 'timeout', 'exec']);
const SWITCHES = new Set(['list', 'listen', 'json', 'help']);
/** Roles that many may have, so a question has no one answerer. Same as the contract's, which would load zod. */
const CROWD = new Set(['viewer', 'inactive']);
const DEFAULT_TYPE = 'fx-notify';
const MAX_TIMEOUT_S = 2 ** 31 / 1000;

/** Throws `UsageError`. */
export function parseArguments(argv: readonly string[]): ClientCommArguments {
  const values = new Map<string, string>();
  const switches = new Set<string>();
  const words: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') {
      words.push(...argv.slice(at + 1));
      break;
    }
    // The data of a message may begin with dashes once it has begun.
    if (words.length > 0 || !word.startsWith('--')) {
      if (words.length === 0 && word === '-h') switches.add('help');
      else words.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const name = word.slice(2, equals === -1 ? undefined : equals);
    if (SWITCHES.has(name)) {
      if (equals !== -1) throw new UsageError(`--${name} takes no value`);
      switches.add(name);
    } else if (VALUES.has(name)) {
      const value = equals === -1 ? argv[++at] : word.slice(equals + 1);
      if (value === undefined) throw new UsageError(`--${name} needs a value`);
      values.set(name, value);
    } else {
      throw new UsageError(`unknown option --${name}`);
    }
  }
  const clients = values.get('clients');
  if (clients !== undefined && !clients.includes(',')) {
    if (clients.trim() === '') throw new UsageError('--clients needs a value');
    if (CROWD.has(clients.trim())) {
      throw new UsageError(
        `there may be several of ${clients}; "--clients=${clients}," notifies them without an answer`,
      );
    }
  }
  const type = values.get('type') ?? DEFAULT_TYPE;
  if (!/^[^\s\p{Cc}]{1,128}$/u.test(type)) throw new UsageError('--type must be 1 to 128 characters without blanks');
  const list = switches.has('list');
  const help = switches.has('help');
  const listen = switches.has('listen');
  const exec = values.get('exec');
  if (listen) {
    const other = ['clients', 'timeout'].find((name) => values.has(name)) ?? (list ? 'list' : undefined);
    if (other !== undefined) throw new UsageError(`--listen does not go with --${other}`);
    if (words.length > 0) throw new UsageError('--listen takes no message');
  } else if (exec !== undefined) throw new UsageError('--exec goes with --listen');
  if (exec === '') throw new UsageError('--exec needs a value');
  if (!list && !listen && !help && words.length === 0) throw new UsageError('no message');
  return {
    id: values.get('id'),
    configPath: values.get('config_path'),
    type,
    clients,
    list,
    listen,
    listenType: values.get('type'),
    exec,
    json: switches.has('json'),
    help,
    timeoutMs: parseTimeout(values.get('timeout')),
    message: words.length === 1 && words[0] === '-' ? undefined : words.join(' '),
  };
}

function parseTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (text.trim() === '' || !Number.isFinite(seconds) || seconds < 0 || seconds > MAX_TIMEOUT_S) {
    throw new UsageError('--timeout must be a number of seconds');
  }
  return Math.round(seconds * 1000);
}
