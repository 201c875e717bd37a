/** What is settled for the whole site, held in memory and kept as one document. */
import { CasementError } from '../../src/contract/errors.ts';
import { Settings, type VersionedSettings } from '../../src/contract/settings.ts';
import type { DocumentStore } from '../store/port.ts';
import type { SiteSettings } from './port.ts';

const KEY = 'settings';
const FIRST: VersionedSettings = {
  seats: { perUser: 0, perServer: 0, total: 0 },
  audit: { days: 365, entries: 100_000 },
  version: 0,
};

export async function createSettings(documents: DocumentStore): Promise<SiteSettings> {
  const kept = await documents.get(KEY);
  let current: VersionedSettings = kept ? { ...Settings.parse(JSON.parse(kept.value)), version: kept.version } : FIRST;
  return {
    get: () => current,
    async save({ version, ...settings }) {
      // The store decides who was first; what is in memory follows it.
      if (!(await documents.save(KEY, JSON.stringify(settings), version))) {
        throw new CasementError('settings-conflict', { details: { current } });
      }
      current = { ...settings, version: version + 1 };
      return current;
    },
  };
}
