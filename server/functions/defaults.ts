/** What happens where a site has written no functions of its own. */
import type { StartFunctions } from './port.ts';

export const defaultFunctions: StartFunctions = {
  formFilter: async ({ forms }) => forms[0] ?? null,
  serverList: async ({ servers }) => servers,
  schedule: async () => null,
  startEvent: async (input) => input,
  /** The chosen server where one was chosen; else the one with the fewest sessions among those that accept starts. */
  async loadBalancing({ servers, data }) {
    const chosen = data.serverId ?? data.params?.['serverId'];
    if (typeof chosen === 'string' && chosen !== '') return chosen;
    const open = servers.filter((server) => server.accepts.start);
    const first = (open.length > 0 ? open : servers).toSorted((a, b) => a.sessions - b.sessions)[0];
    return first?.serverId ?? null;
  },
};
