/** What a start would do with what a function gave: a text `functions.verdict.KEY` and what goes into it. */
import type { FunctionName, FunctionRun } from '../../../contract/functions.ts';
import type { JsonValue } from '../../../contract/json.ts';

export interface Verdict {
  readonly good: boolean;
  readonly key:
    | 'problem'
    | 'failed'
    | 'refused'
    | 'goes-on'
    | 'asks-server'
    | 'asks-form'
    | 'no-servers'
    | 'offers'
    | 'starts-now'
    | 'scheduled'
    | 'unchanged'
    | 'changed'
    | 'chosen';
  readonly subject: string;
}

/** Functions whose throw is a sentence for the person who starts. */
const SPEAKING: readonly FunctionName[] = ['schedule', 'start-event', 'schedule-event'];

const member = (value: JsonValue | undefined, name: string): JsonValue | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined;
const shown = (value: JsonValue | undefined): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
/** JSON does not say in which order members stand. */
const canonical = (value: JsonValue): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

export function verdictOf(name: FunctionName, input: JsonValue, run: FunctionRun): Verdict {
  const { outcome, problem } = run;
  if (outcome.state === 'failed') {
    const { cause, message } = outcome.failure;
    return cause === 'threw' && SPEAKING.includes(name)
      ? { good: true, key: 'refused', subject: message }
      : { good: false, key: 'failed', subject: message };
  }
  if (problem !== null) return { good: false, key: 'problem', subject: problem };
  const { result } = outcome;
  const nothing = result === null || result === false || result === '' || result === 0;
  switch (name) {
    case 'form-filter':
      if (nothing) return { good: true, key: 'goes-on', subject: '' };
      if (result === 'SERVERLIST') return { good: true, key: 'asks-server', subject: '' };
      return { good: true, key: 'asks-form', subject: shown(member(result, 'name') ?? member(result, 'id') ?? result) };
    case 'server-list':
      if (!Array.isArray(result)) return { good: true, key: 'no-servers', subject: '' };
      return {
        good: true,
        key: 'offers',
        subject: result.map((one) => shown(member(one, 'serverId') ?? one)).join(', '),
      };
    case 'schedule':
      if (nothing) return { good: true, key: 'starts-now', subject: '' };
      return { good: true, key: 'scheduled', subject: shown(member(result, 'run') ?? result) };
    case 'start-event':
    case 'schedule-event':
      return canonical(member(result, 'data') ?? null) === canonical(member(input, 'data') ?? null)
        ? { good: true, key: 'unchanged', subject: '' }
        : { good: true, key: 'changed', subject: '' };
    case 'load-balancing':
      return { good: true, key: 'chosen', subject: shown(result) };
  }
}
