/** Whether the person who is logged in may do something, as the server said. It is asked again there with each call. */
import { useStore } from 'zustand';
import type { Action } from '../../contract/permissions.ts';
import { useServices } from './services.ts';

/** What one may not do is not shown: a button that only ever says no is worse than none. */
export function useMay(): (action: Action) => boolean {
  const { account } = useServices();
  const me = useStore(account.store, ({ account: now }) => (now.at === 'in' ? now.me : undefined));
  return (action) => me?.actions.includes(action) ?? false;
}
