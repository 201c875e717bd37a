/**
 * The error catalogue: every stable code that leaves the product, its HTTP status where one applies, and the sentence
 * a person may read. `docs/errors.md` explains each one; a test compares the two.
 *
 * A code never changes its meaning. The message may be improved; nobody should match on it.
 */
import * as z from 'zod/mini';

interface CatalogueEntry {
  /** HTTP status when the error answers a request; 0 for errors that only exist inside a viewer. */
  readonly status: number;
  readonly message: string;
}

export const ERRORS = {
  // Requests in general
  'bad-request': { status: 400, message: 'The request could not be understood.' },
  'not-found': { status: 404, message: 'There is nothing at this address.' },
  'too-large': { status: 413, message: 'That is more data than is accepted here.' },
  conflict: { status: 409, message: 'Somebody else has saved this in the meantime.' },
  'rate-limited': { status: 429, message: 'Too many requests. Wait a moment and try again.' },
  internal: {
    status: 500,
    message: 'Something went wrong on the server. An administrator finds the cause by the reference.',
  },
  unavailable: { status: 503, message: 'The server is starting or stopping. Try again in a moment.' },
  // Who you are
  unauthenticated: { status: 401, message: 'You are not logged in, or your login has ended. Log in again.' },
  forbidden: { status: 403, message: 'You are not allowed to do this.' },
  'account-disabled': { status: 403, message: 'This account has been disabled on this site. Ask an administrator.' },
  'server-closed': { status: 503, message: 'This server accepts no logins at the moment.' },
  'csrf-missing': { status: 403, message: 'The request lacks the token that proves it comes from this site.' },
  'origin-denied': { status: 403, message: 'Requests from this site are not accepted.' },
  'login-link-used': { status: 401, message: 'This login link has been used. Ask the server for a new one.' },
  'login-link-unknown': { status: 401, message: 'This login link is not valid on this server.' },
  'login-failed': { status: 401, message: 'The user name or an answer is wrong.' },
  'login-expired': { status: 401, message: 'This login took too long or was begun anew. Start again.' },
  'login-unavailable': { status: 404, message: 'This server does not offer this way to log in.' },
  'account-refused': { status: 403, message: 'The session server refused this login.' },
  'account-no-shell': { status: 403, message: 'This account may not start programs on the session server.' },
  'account-expired': { status: 403, message: 'This account has expired on the session server.' },
  'account-no-home': { status: 403, message: 'The home directory of this account is not there.' },
  'ssh-unreachable': { status: 502, message: 'The SSH service of the session server cannot be reached.' },
  'ssh-lost': { status: 502, message: 'The session server ended the connection in the middle of the login.' },
  'ssh-method': { status: 502, message: 'The session server offers no kind of login that works here.' },
  'host-key-changed': {
    status: 502,
    message:
      'The session server does not prove to be the one it was before. Nothing was sent to it; tell an administrator.',
  },
  'host-key-unknown': {
    status: 502,
    message: 'The session server is not known to this server yet. An administrator has to add its host key.',
  },
  'oidc-failed': { status: 502, message: 'The identity provider cannot be reached, or its answer cannot be trusted.' },
  'oidc-denied': { status: 403, message: 'The identity provider did not log you in.' },
  'oidc-unmapped': { status: 403, message: 'There is no account on this server for your identity.' },
  // Starting
  'command-missing': { status: 400, message: 'There is no command to start.' },
  'command-not-found': { status: 422, message: 'The command was not found on the session server.' },
  'restart-limit': {
    status: 422,
    message: 'The command ended again and again, and is not started any more. Its log says why.',
  },
  'command-died': { status: 422, message: 'The command ended at once. Its log says why.' },
  'xserver-missing': { status: 503, message: 'No X server is installed on the session server.' },
  'xserver-failed': { status: 502, message: 'The X server did not start. Its log says why.' },
  'form-unknown': { status: 400, message: 'A form that was asked for does not exist.' },
  'form-invalid': { status: 400, message: 'An answer does not fit its form.' },
  'form-loop': { status: 409, message: 'The server asked for more than 32 forms in one start.' },
  'form-conflict': { status: 409, message: 'Somebody else has saved this in the meantime.' },
  'form-unusable': { status: 422, message: 'The text of this form is beyond what a form may be, so it was not saved.' },
  'bookmark-unknown': { status: 404, message: 'This bookmark does not exist, or is not for you.' },
  'bookmark-conflict': { status: 409, message: 'This bookmark has been changed in the meantime.' },
  'bookmarks-full': { status: 409, message: 'You have as many bookmarks as one person may keep. Delete some first.' },
  'bookmark-only': { status: 403, message: 'You may start what is in the list, but no commands of your own.' },
  'run-as-failed': {
    status: 502,
    message: 'This server cannot start sessions as the account that this bookmark names. Tell an administrator.',
  },
  'function-failed': {
    status: 502,
    message:
      'A function of this site failed, so nothing was started. An administrator finds the cause by the reference.',
  },
  'function-conflict': { status: 409, message: 'Somebody else has saved this function in the meantime.' },
  'function-unusable': { status: 422, message: 'This function cannot run as it is written, so it was not published.' },
  'start-refused': { status: 422, message: 'A rule of this site does not allow this start.' },
  'seats-taken': { status: 409, message: 'No more sessions may run at the same time. End one, or wait.' },
  'start-disabled': { status: 503, message: 'This server does not accept new sessions at the moment.' },
  'schedule-template': {
    status: 502,
    message: 'The schedule function of this site returned a command that cannot be filled in, so nothing was started.',
  },
  'schedule-value': { status: 422, message: 'A value of this start cannot be carried by a command line.' },
  'schedule-failed': { status: 422, message: 'The command that schedules this session failed.' },
  'scheduler-unknown': {
    status: 502,
    message: 'The schedule function named a scheduler that this server does not have.',
  },
  'run-failed': { status: 502, message: 'A program could not be run on the session server.' },
  'job-ended': { status: 409, message: 'The scheduler ended the job of this session.' },
  'job-without-session': { status: 409, message: 'The job ended before its session began. Its log says why.' },
  'job-lost': { status: 409, message: 'The server was stopped before the scheduler had the job.' },
  'job-cancel-failed': { status: 502, message: 'The scheduler did not cancel the job.' },
  'server-unknown': { status: 422, message: 'The chosen server does not exist or cannot be reached.' },
  'link-failed': { status: 502, message: 'The process that owns your sessions could not be started.' },
  'link-login-needed': {
    status: 409,
    message: 'The process that owns your sessions does not run, and starting it needs your login. Log in again.',
  },
  'profile-failed': {
    status: 422,
    message: 'The login scripts of this account (profile, bashrc) ended or hung before the command began.',
  },
  'home-full': {
    status: 507,
    message: 'The home directory of this account has no room left, or its quota is used up.',
  },
  'home-unwritable': { status: 403, message: 'The home directory of this account cannot be written to.' },
  'profile-unknown': { status: 422, message: 'The profile for this start does not exist.' },
  'bookmark-server': { status: 422, message: 'This bookmark may not be started on the chosen server.' },
  'profile-server': { status: 422, message: 'The profile for this start may not be used on the chosen server.' },
  'script-failed': { status: 502, message: 'A script of the profile refused the start, or failed. Its log says why.' },
  'param-name': { status: 400, message: 'A parameter has a name that is not allowed.' },
  // Sessions
  'session-unknown': { status: 404, message: 'This session does not exist, or is not yours.' },
  'session-not-running': { status: 409, message: 'This session is not running.' },
  'session-running': { status: 409, message: 'This session is still running. End it first.' },
  'sharing-unavailable': { status: 501, message: 'Sessions cannot be shared with this version of the server.' },
  'extend-refused': { status: 409, message: 'This limit cannot be put off, or not any more.' },
  'idle-disconnected': {
    status: 403,
    message: 'You were disconnected because nothing was typed or pointed at for a while. The session goes on.',
  },
  'unwatched-ended': { status: 410, message: 'The session was ended because nobody was connected to it for too long.' },
  'run-time-over': { status: 410, message: 'The session was ended because its time was up.' },
  // Administration
  'permission-conflict': { status: 409, message: 'Somebody else has changed this rule in the meantime.' },
  'settings-conflict': { status: 409, message: 'Somebody else has changed these settings in the meantime.' },
  'last-admin': {
    status: 409,
    message: 'This would take away your own rights as an administrator. Another administrator has to do it.',
  },
  // Tickets and the viewer's socket
  'ticket-missing': { status: 400, message: 'The viewer was opened without a ticket.' },
  'ticket-unknown': { status: 401, message: 'This ticket was not given out by this server.' },
  'ticket-used': { status: 401, message: 'This ticket has been used. Open the session again from its page.' },
  'ticket-expired': { status: 401, message: 'This ticket has expired. Open the session again from its page.' },
  'ticket-foreign': { status: 403, message: 'This ticket was given out for another session or another site.' },
  'resume-unknown': { status: 401, message: 'The viewer was away too long. Open the session again from its page.' },
  'viewer-data': { status: 400, message: 'The address of the viewer holds data that cannot be read.' },
  'version-mismatch': { status: 409, message: 'The page and the server are of different versions. Reload the page.' },
  kicked: { status: 403, message: 'You have been disconnected by the owner of the session.' },
  disconnected: { status: 503, message: 'The connection to the session was closed.' },
  // Files between viewer and session
  'files-off': { status: 403, message: 'Files cannot be transferred in this session.' },
  'file-key': { status: 401, message: 'This viewer is not connected any more.' },
  'file-transfer': { status: 404, message: 'This transfer is not known here any more.' },
  'file-unknown': { status: 404, message: 'There is no such file or folder.' },
  'file-denied': { status: 403, message: 'The account may not do this with the file or folder.' },
  'file-outside': { status: 403, message: 'This folder is not below the home directory.' },
  'file-name': { status: 422, message: 'A file cannot have this name on the session server.' },
  'file-kind': { status: 422, message: 'This is no ordinary file.' },
  'file-exists': { status: 409, message: 'There is a file of this name already.' },
  'file-offset': { status: 409, message: 'The file has to be continued at another place.' },
  'file-changed': { status: 409, message: 'The file was changed while it was read.' },
  'folder-taken': { status: 409, message: 'A file or a link has the name that a folder has to have.' },
  'folder-deep': { status: 422, message: 'The folder has too many folders in each other.' },
  'folder-many': { status: 422, message: 'The folder has too many files to be uploaded at once.' },
  'disk-full': { status: 507, message: 'There is no room left for this file, or the quota is used up.' },
  // RFB, found by the viewer
  'rfb-protocol': { status: 0, message: 'The session server sent something that is not RFB.' },
  'rfb-security': { status: 0, message: 'The session server asks for a kind of login that this viewer does not have.' },
  'rfb-server-key': { status: 0, message: 'The key of the session server is not one that is trusted here.' },
  'rfb-limit': { status: 0, message: 'The session server sent a size beyond what this viewer accepts.' },
  'rfb-encoding': { status: 0, message: 'The session server used an encoding that was not asked for.' },
  'decode-failed': { status: 0, message: 'A picture from the session server is damaged.' },
  'viewer-unsupported': { status: 0, message: 'This browser lacks something the viewer needs.' },
  // ClientComm: what a script, or the one who asked, is told
  format: { status: 400, message: 'The data of the message could not be understood.' },
  timeout: { status: 504, message: 'Nobody answered in time.' },
  unhandled: { status: 404, message: 'Nobody knows this type of message.' },
  denied: { status: 403, message: 'This message is not allowed.' },
  busy: { status: 429, message: 'Too many messages are waiting.' },
  'no-clients': { status: 404, message: 'No client is connected that could get the message.' },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof ERRORS;

export const errorCodes = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** What a failed call answers with, in `error`. `ref` finds the server's log line. */
export const ApiError = z.object({
  name: z.string(),
  message: z.string(),
  details: z.optional(z.unknown()),
  ref: z.optional(z.string()),
});
export type ApiError = z.infer<typeof ApiError>;

export function isErrorCode(name: string): name is ErrorCode {
  return Object.hasOwn(ERRORS, name);
}

/**
 * An error with a code of the catalogue. Thrown inside a room, turned into an answer or a sentence at its edge.
 *
 * `details` is shown to the one who asked, so it holds nothing secret. `cause` stays in the log.
 */
export class CasementError extends Error {
  readonly code: ErrorCode;
  readonly details: unknown;

  constructor(code: ErrorCode, options: { message?: string; details?: unknown; cause?: unknown } = {}) {
    super(options.message ?? ERRORS[code].message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CasementError';
    this.code = code;
    this.details = options.details;
  }

  toJSON(): ApiError {
    return { name: this.code, message: this.message, ...(this.details === undefined ? {} : { details: this.details }) };
  }
}
