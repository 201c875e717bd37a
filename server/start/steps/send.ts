/** Step 8: over to the session server, with everything the start needs and nothing that a client could have forged. */
import { randomBytes } from 'node:crypto';
import { CasementError } from '../../../src/contract/errors.ts';
import { RESERVED_PARAMS, type Params } from '../../../src/contract/json.ts';
import { isPicture, type Bookmark } from '../../../src/contract/bookmark.ts';
import { ProfileSettings } from '../../../src/contract/profile.ts';
import type { StartData } from '../../../src/contract/start.ts';
import type { SessionStart } from '../../sessions/port.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { allowsServer, profileOf } from '../profile-of.ts';
import { done, type StepResult } from '../tracker.ts';

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

/** @throws CasementError `server-unknown` for a server that is not reached from here, `profile-unknown`, `profile-server` */
export async function send(
  call: StartCall,
  input: {
    readonly data: StartData;
    /** The profile that the person may have asked for. */
    readonly asked: string | undefined;
    readonly bookmark: Bookmark | undefined;
    readonly serverId: string;
  },
  deps: Pick<StartDeps, 'server' | 'profiles' | 'servers'>,
): Promise<StepResult<SessionStart>> {
  if (!deps.server(input.serverId)) {
    throw new CasementError('server-unknown', { details: { field: 'serverId', serverId: input.serverId } });
  }
  const { data, bookmark } = input;
  const profile = await profileOf(input.asked, data, bookmark, deps.profiles);
  const server = deps.servers().find(({ serverId }) => serverId === input.serverId);
  if (profile && server && !allowsServer(profile, server)) {
    const details = { field: 'profile', profile: profile.id, pools: profile.pools };
    throw new CasementError('profile-server', { details });
  }
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
  });
}
