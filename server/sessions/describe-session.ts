/** A session as the contract has it, from what its link has recorded and who is there. */
import { hostname, userInfo } from 'node:os';
import { Allowances } from '../../src/contract/allowances.ts';
import type { Session } from '../../src/contract/session.ts';
import { isOver, isRootless, type SessionRecord } from './record.ts';
import { shown } from './restarts.ts';

/** `serverId` is the host's to fill in. */
export function describeSession(record: SessionRecord, now: Pick<Session, 'params' | 'clients' | 'deadline'>): Session {
  const { id, name, status, geometry, command, profile, login, display, started, limits, server, app } = record;
  const { lastConnect, lastDisconnect, ended, exitCode, error, job } = record;
  const restarts = record.restarts && shown(record.restarts);
  return {
    id,
    name,
    status,
    geometry,
    command,
    profile,
    login,
    display,
    started,
    lastConnect,
    lastDisconnect,
    ended,
    exitCode,
    error,
    windowMode: isRootless(record) ? 'rootless' : 'desktop',
    user: userInfo().username,
    hostname: hostname(),
    serverId: '',
    serverPid: server?.pid ?? null,
    appPid: app?.pid ?? null,
    sharing: false,
    thumbnail: null,
    ...now,
    ...(limits ? { allows: Allowances.parse(limits) } : {}),
    ...(restarts ? { restarts } : {}),
    job: job && { ...job, state: isOver(record) ? 'ended' : 'running', reason: null, estimatedStart: null },
  };
}
