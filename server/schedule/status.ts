/** What `status` prints: a line of JSON for each job. */
import * as z from 'zod/mini';

const MAX_REASON = 500;

const Line = z.object({
  /** May be left out where one job was asked for. */
  id: z.optional(z.union([z.string(), z.number()])),
  state: z.enum(['pending', 'running', 'ended', 'unknown']),
  reason: z.optional(z.nullable(z.string())),
  /** Milliseconds since 1970, or a date as text. */
  estimatedStart: z.optional(z.nullable(z.union([z.number(), z.string()]))),
  /** Of one that has ended: by the scheduler or a person, and not by itself. */
  killed: z.optional(z.boolean()),
});

export interface JobStatus {
  readonly state: 'pending' | 'running' | 'ended' | 'unknown';
  readonly reason: string | null;
  readonly estimatedStart: number | null;
  readonly killed: boolean;
}

function timeOf(value: string | number | null | undefined): number | null {
  const ms = typeof value === 'string' ? Date.parse(value) : (value ?? Number.NaN);
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

/** By job id. Lines that are nothing of this are passed over: site's own programs like to talk. */
export function parseStatus(text: string, asked: readonly string[]): Map<string, JobStatus> {
  const found = new Map<string, JobStatus>();
  for (const one of text.split('\n')) {
    let json: unknown;
    try {
      json = JSON.parse(one);
    } catch {
      continue;
    }
    const line = Line.safeParse(json);
    if (!line.success) continue;
    const { state, reason, estimatedStart, killed = false } = line.data;
    const id = line.data.id === undefined && asked.length === 1 ? asked[0] : String(line.data.id);
    if (id === undefined || !asked.includes(id)) continue;
    found.set(id, {
      state,
      reason: reason ? reason.slice(0, MAX_REASON) : null,
      estimatedStart: timeOf(estimatedStart),
      killed,
    });
  }
  return found;
}

/** The last line with something on it: what comes before may be a greeting. `undefined`: no id. */
export function parseJobId(text: string): string | undefined {
  const last = text
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '');
  return last !== undefined && /^[A-Za-z0-9][A-Za-z0-9_.[\]-]{0,127}$/.test(last) ? last : undefined;
}
