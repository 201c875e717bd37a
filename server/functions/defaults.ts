/** What happens where a site has written no functions of its own, and what it can choose from without writing any. */
import type { BuiltIn, FunctionName } from '../../src/contract/functions.ts';
import type { ServerInfo } from '../../src/contract/session.ts';
import type { LoadBalancingInput, StartFunctions } from './port.ts';

/** Those that accept starts; where none does, all, so that the step that refuses can say why. */
function candidates(servers: readonly ServerInfo[]): readonly ServerInfo[] {
  const open = servers.filter((server) => server.accepts.start);
  return open.length > 0 ? open : servers;
}

/** The chosen server where one was chosen; else what `choose` takes. */
function balanced(
  { servers, data }: LoadBalancingInput,
  choose: (among: readonly ServerInfo[]) => ServerInfo | undefined,
) {
  const chosen = data.serverId ?? data.params?.['serverId'];
  if (typeof chosen === 'string' && chosen !== '') return chosen;
  return choose(candidates(servers))?.serverId ?? null;
}

const byLoad = (a: ServerInfo, b: ServerInfo) => a.sessions - b.sessions || a.loadavg[0] - b.loadavg[0];

export function createDefaults(): StartFunctions & {
  loadBalancingBy(choice: BuiltIn, input: LoadBalancingInput): string | null;
} {
  /** The one before goes by its id, since servers come and go between two starts. */
  let last = '';
  const nextInTurn = (among: readonly ServerInfo[]) => {
    const inOrder = among.toSorted((a, b) => (a.serverId < b.serverId ? -1 : 1));
    const next = inOrder.find(({ serverId }) => serverId > last) ?? inOrder[0];
    last = next?.serverId ?? '';
    return next;
  };
  const loadBalancingBy = (choice: BuiltIn, input: LoadBalancingInput) => {
    switch (choice) {
      case 'most-memory':
        return balanced(input, (among) => among.toSorted((a, b) => b.freemem - a.freemem)[0]);
      case 'round-robin':
        return balanced(input, nextInTurn);
      case 'default':
      case 'fewest-sessions':
        return balanced(input, (among) => among.toSorted(byLoad)[0]);
    }
  };
  return {
    formFilter: async ({ forms }) => forms[0] ?? null,
    serverList: async ({ servers }) => servers,
    schedule: async () => null,
    startEvent: async (input) => input,
    scheduleEvent: async (input) => input,
    loadBalancing: async (input) => loadBalancingBy('fewest-sessions', input),
    loadBalancingBy,
  };
}

export const defaultFunctions: StartFunctions = createDefaults();

export const METHOD_OF = {
  'form-filter': 'formFilter',
  'server-list': 'serverList',
  schedule: 'schedule',
  'start-event': 'startEvent',
  'schedule-event': 'scheduleEvent',
  'load-balancing': 'loadBalancing',
} as const satisfies Record<FunctionName, keyof StartFunctions>;
