/** `clientcomm` as scripts in a session know it: the same options, answers and exit codes. */
import { CROWD_ROLES } from '../../../src/contract/clientcomm.ts';
import { isErrorCode, ERRORS } from '../../../src/contract/errors.ts';
import { Role } from '../../../src/contract/session.ts';
import type { Clients } from '../clients.ts';
import type { Comm } from '../comm.ts';

interface Output {
  write(text: string): void;
  fail(text: string): void;
}

const EXIT = { ok: 0, error: 1, usage: 2, nobody: 3, timeout: 4 } as const;
const USAGE = 'usage: clientcomm [--type TYPE] [--clients A,B] [--timeout S] [--list] MESSAGE…';
const OPTIONS = ['type', 'clients', 'timeout', 'id', 'config_path'];
const EVERYBODY_HERE: Role = 'master';

export async function clientcomm(
  words: readonly string[],
  clients: Clients,
  out: Output,
  signal: AbortSignal,
): Promise<number> {
  const parsed = parseOptions(words);
  if (!parsed || (parsed.message === '' && !parsed.list)) return refuse(out, USAGE);
  const { options, message } = parsed;
  if (parsed.list) {
    out.write(
      JSON.stringify(
        clients.list().map(({ clientId, connected }) => ({ id: clientId, role: EVERYBODY_HERE, connected })),
      ),
    );
    return EXIT.ok;
  }
  const type = options.get('type') ?? 'fx-notify';
  const wanted = options.get('clients');
  if (wanted === undefined) return told(clients.notify(type, message), out);
  if (wanted.includes(','))
    return told(
      clients.notify(
        type,
        message,
        wanted.split(',').flatMap((one) => select(clients, one)),
      ),
      out,
    );
  if ((CROWD_ROLES as readonly string[]).includes(wanted)) {
    return refuse(out, `clientcomm: there may be several of "${wanted}"; put a comma behind it to tell them all`);
  }
  const [client] = select(clients, wanted);
  if (!client) return told(0, out);
  const timeout = options.get('timeout');
  if (timeout !== undefined && !(Number(timeout) > 0)) return refuse(out, USAGE);
  const limit = timeout === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(Number(timeout) * 1000)]);
  const answer = await clients.ask(client, type, message, limit);
  if (!answer.error) {
    out.write(answer.data ?? '');
    return EXIT.ok;
  }
  const { name } = answer.error;
  out.fail(answer.error.message ?? (isErrorCode(name) ? ERRORS[name].message : name));
  return name === 'timeout' ? EXIT.timeout : EXIT.error;
}

function parseOptions(
  words: readonly string[],
): { options: Map<string, string>; list: boolean; message: string } | undefined {
  const options = new Map<string, string>();
  let list = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const match = /^--([a-z_]+)(?:=(.*))?$/s.exec(word);
    if (!match) return { options, list, message: words.slice(word === '--' ? i + 1 : i).join(' ') };
    const name = match[1] ?? '';
    if (name === 'list') list = true;
    else if (OPTIONS.includes(name)) {
      const value = match[2] ?? words[++i];
      if (value === undefined) return undefined;
      options.set(name, value);
    } else return undefined;
  }
  return { options, list, message: '' };
}

/** By id or role; here everybody is the owner. */
function select(clients: Clients, name: string): Comm[] {
  return clients.list().filter((client) => client.clientId === name || name === EVERYBODY_HERE);
}

function told(count: number, out: Output): number {
  if (count > 0) return EXIT.ok;
  out.fail(ERRORS['no-clients'].message);
  return EXIT.nobody;
}

function refuse(out: Output, text: string): number {
  out.fail(text);
  return EXIT.usage;
}
