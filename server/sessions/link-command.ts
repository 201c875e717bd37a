/**
 * What a server and `casement link` say to each other. The command runs as the user, has a link running, and tells it of
 * the server. What it is to do comes on standard input, so that neither `ps` nor a rule in `sudoers` sees it; its answer
 * is one marked line, since login scripts like to print things of their own.
 */
import type { Readable, Writable } from 'node:stream';
import * as z from 'zod/mini';
import { ApiError, CasementError, isErrorCode } from '../../src/contract/errors.ts';
import { ServerInvitation } from './wire.ts';

/** Node, a link and login scripts on a slow disk; beyond this they wait for something that does not come. */
const ANSWER_MS = 20_000;
const MAX_OUTPUT = 8192;

export const LinkOrder = z.object({ v: z.literal(1), server: z.optional(ServerInvitation) });
export type LinkOrder = z.infer<typeof LinkOrder>;

const MARK = 'casement-link ';
const LinkReport = z.object({ error: z.optional(ApiError) });

export function formatReport(error?: ApiError): string {
  return `${MARK}${JSON.stringify(error ? { error } : {})}\n`;
}

export interface CommandStreams {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Calls back when the command is gone, with a sentence that says how. */
  onEnd(ended: (how: string) => void): void;
}

/**
 * Gives the order and waits for the report. Rejects with the command's own `CasementError`; with `profile-failed` when
 * login scripts are in its way; with a plain `Error`, which holds the output, when it could not be run at all.
 */
export function converse(invitation: ServerInvitation | undefined, streams: CommandStreams): Promise<void> {
  const { stdin, stdout, stderr } = streams;
  return new Promise((resolve, reject) => {
    let line = '';
    let output = '';
    const settle = (error?: Error) => {
      clearTimeout(timer);
      // Sudo's process is root's and cannot be signalled; without its pipes the command ends by itself.
      if (error) for (const stream of [stdin, stdout, stderr]) stream.destroy();
      if (error) reject(error);
      else resolve();
    };
    const timer = setTimeout(() => {
      settle(new CasementError('profile-failed', { cause: new Error(describe('no answer in time', output)) }));
    }, ANSWER_MS);
    const keep = (text: string) => {
      output = (output + text).slice(-MAX_OUTPUT);
    };
    const onLine = (text: string) => {
      const at = text.indexOf(MARK);
      if (at < 0) {
        keep(`${text}\n`);
        return;
      }
      const report = LinkReport.safeParse(parse(text.slice(at + MARK.length)));
      if (!report.success) return;
      const { error } = report.data;
      if (!error) settle();
      else if (isErrorCode(error.name)) settle(new CasementError(error.name, { details: error.details }));
      else settle(new CasementError('link-failed'));
    };
    stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (line + text).split('\n');
      line = (lines.pop() ?? '').slice(-MAX_OUTPUT);
      for (const one of lines) onLine(one);
    });
    stderr.setEncoding('utf8').on('data', keep);
    for (const stream of [stdin, stdout, stderr]) stream.on('error', () => undefined);
    streams.onEnd((how) => settle(new Error(describe(how, output + line))));
    stdin.end(`${JSON.stringify({ v: 1, ...(invitation ? { server: invitation } : {}) } satisfies LinkOrder)}\n`);
  });
}

function describe(how: string, output: string): string {
  // What a terminal would act on is of no use in a log.
  // oxlint-disable-next-line no-control-regex
  const text = output.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ').trim();
  return text === '' ? how : `${how}: ${text}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
