/** Step 8: over to the session server, with everything the start needs and nothing that a client could have forged. */
import { randomBytes } from 'node:crypto';
import { CasementError } from '../../../src/contract/errors.ts';
import { RESERVED_PARAMS, type Params } from '../../../src/contract/json.ts';
import { isPicture, type Bookmark } from '../../../src/contract/bookmark.ts';
import { ProfileSettings } from '../../../src/contract/profile.ts';
import type { SessionStart } from '../../sessions/port.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { refusesServer } from '../place-rules.ts';
import { profileOf } from '../profile-of.ts';
import { done, type StepResult } from '../tracker.ts';
import type { ToPlace } from './load-balancing.ts';

/** Characters; longer names only break cards and window titles. */
const MAX_DERIVED_NAME = 40;

/** What the command is called where nobody gave the session a name: its program, without path and arguments. */
function nameOf(command: string): string {
  const program = command.trim().split(/\s+/, 1)[0] ?? '';
  return program.split('/').at(-1)?.slice(0, MAX_DERIVED_NAME) || 'Session';
}

/**
 * The reserved names, as this server knows them. No viewer has connected yet, so `clientId` and `clientVersion` are
 * empty until the first connect overwrites them.
 */
function reservedParams(name: string, bookmark: Bookmark | undefined, ip: string): Record<string, string> {
  return {
    name,
    // A picture would travel with every word about the session; the portal finds it by the bookmark.
    icon: bookmark && !isPicture(bookmark.icon) ? bookmark.icon : '',
    bookmarkId: bookmark?.id ?? '',
    clientVersion: '',
    clientId: '',
    clientIP: ip,
    clientTransport: 'Web',
  } satisfies Record<(typeof RESERVED_PARAMS)[number], string>;
}

/** As load balancing where the profile has been changed meanwhile. @throws CasementError `server-unknown`: not reached from here */
export async function send(
  call: StartCall,
  input: ToPlace & { readonly serverId: string },
  deps: Pick<StartDeps, 'server' | 'profiles' | 'servers'>,
): Promise<StepResult<SessionStart>> {
  const { data, bookmark, serverId } = input;
  const server = deps.servers().find((one) => one.serverId === serverId);
  if (!deps.server(serverId)) {
    const hostname = server?.hostname;
    const details = { field: 'serverId', serverId, ...(hostname === undefined ? {} : { hostname }) };
    const message = `The server ${hostname ?? serverId} cannot be reached from here.`;
    throw new CasementError('server-unknown', { message, details });
  }
  const profile = await profileOf(input.asked, data, bookmark, deps.profiles);
  // Looked at once more: it is this profile that the session is given.
  const refusal = server && refusesServer({ profile, bookmark }, server);
  if (refusal) throw refusal;
  const name = data.name?.trim() || bookmark?.name || nameOf(data.command);
  const params: Params = { ...data.params, ...reservedParams(name, bookmark, call.ip) };
  return done({
    id: randomBytes(12).toString('hex'),
    name,
    command: data.command,
    geometry: data.geometry,
    params,
    profile: profile?.id ?? null,
    ...(profile ? { limits: ProfileSettings.parse(profile) } : {}),
    keyboardLayout: data.keyboardLayout,
    restart: bookmark?.restart ?? 'never',
  });
}
