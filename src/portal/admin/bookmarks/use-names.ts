/** What a bookmark can name. Whatever cannot be read is left out of the suggestions; the editor works without. */
import { useEffect, useState } from 'react';
import { useServices } from '../../app/services.ts';
import type { Names } from './BookmarkPanel.tsx';

const EMPTY: Omit<Names, 'tags'> = { forms: [], profiles: [], servers: [], pools: [] };

export function useNames(): Omit<Names, 'tags'> {
  const { api } = useServices();
  const [names, setNames] = useState(EMPTY);
  useEffect(() => {
    let left = false;
    const put = (some: Partial<typeof EMPTY>) => {
      if (!left) setNames((before) => ({ ...before, ...some }));
    };
    const ignore = () => undefined;
    api.call('forms', {}).then((forms) => put({ forms }), ignore);
    api.call('adminProfiles', {}).then(({ profiles }) => put({ profiles }), ignore);
    api.call('adminServers', {}).then((servers) => {
      const pools = new Set(servers.map(({ info }) => info.serverPool).filter((pool) => pool !== ''));
      put({ servers: servers.map(({ info }) => info.serverId), pools: [...pools] });
    }, ignore);
    return () => {
      left = true;
    };
  }, [api]);
  return names;
}
