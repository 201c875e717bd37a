/** What the person who is logged in may do, as the server says. */
import { useStore } from 'zustand';
import { useServices } from '../../app/services.ts';

const NONE: readonly string[] = [];

export function useActions(): readonly string[] {
  const { account } = useServices();
  return useStore(account.store, ({ account: now }) => (now.at === 'in' ? now.me.actions : NONE));
}
