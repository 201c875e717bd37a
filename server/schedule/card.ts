/** The card of a job: alone while there is no session, laid over the session once it is there. */
import { CasementError } from '../../src/contract/errors.ts';
import type { Session } from '../../src/contract/session.ts';
import type { StoredJob } from '../store/port.ts';
import type { JobStatus } from './status.ts';

export interface Place {
  readonly hostname: string;
  readonly serverId: string;
}

export function cardOf(stored: StoredJob, place: Place): Session {
  const { user, start, at, job, ended, error } = stored;
  const status = ended === null ? 'pending' : error?.name === 'job-without-session' ? 'failed' : 'ended';
  const { id, name, command, geometry, params, profile } = start;
  return {
    id,
    name,
    status,
    geometry,
    windowMode: geometry === 'rootless' ? 'rootless' : 'desktop',
    command,
    profile,
    params,
    login: user.login,
    user: user.login,
    ...place,
    display: null,
    serverPid: null,
    appPid: null,
    clients: [],
    started: at,
    lastConnect: null,
    lastDisconnect: null,
    ended,
    exitCode: null,
    error,
    sharing: false,
    thumbnail: null,
    deadline: null,
    job,
  };
}

/** The session with what its scheduler says. Why it ended is the scheduler's to say, where that ended it. */
export function withJob(session: Session, { job, error, cancelled }: StoredJob): Session {
  const over = session.status === 'ended' || session.status === 'failed';
  const state = over ? ('ended' as const) : job.state === 'pending' ? ('running' as const) : job.state;
  const known = { ...job, state, reason: state === 'ended' ? job.reason : null, estimatedStart: null };
  // A session that was ended by its scheduler has not failed, however soon that was.
  const byScheduler = over && job.state === 'ended' && (cancelled || error?.name === 'job-ended');
  return byScheduler ? { ...session, status: 'ended', error, job: known } : { ...session, job: known };
}

/** A job after the scheduler has been asked; the same object where there is no news. */
export function afterStatus(stored: StoredJob, status: JobStatus, now: number): StoredJob {
  const { job, cancelled } = stored;
  if (job.state === 'ended') return stored;
  if (status.state === 'pending' || status.state === 'running') {
    const { state, reason, estimatedStart } = status;
    const same = job.state === state && job.reason === reason && job.estimatedStart === estimatedStart;
    return same ? stored : { ...stored, job: { ...job, state, reason, estimatedStart } };
  }
  const reason = status.reason ?? (cancelled ? 'CANCELLED' : 'UNKNOWN');
  const error = cancelled
    ? null
    : new CasementError(status.killed || status.state === 'unknown' ? 'job-ended' : 'job-without-session', {
        details: { reason },
      }).toJSON();
  return { ...stored, ended: now, error, job: { ...job, state: 'ended', reason, estimatedStart: null } };
}
