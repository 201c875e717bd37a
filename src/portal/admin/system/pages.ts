/**
 * The pages of the System area, in the order of its navigation. A page of one's own is a row here and its route in
 * `routes.ts`.
 */
import type { IconName } from '../../parts/Icon.tsx';

export interface SystemPage {
  /** Its name is the text `system.pages.KEY`. */
  readonly key: string;
  readonly to: string;
  readonly icon: IconName;
  /** One of `actions` of `/api/me`; who lacks it is not shown the page. */
  readonly action: string;
  /** Heading under which it stands: the text `system.groups.GROUP`. */
  readonly group: 'sessions' | 'people' | 'site';
}

export const SYSTEM_PAGES = [
  { key: 'sessions', to: '/system/sessions/all', icon: 'desktop', action: 'sessions-all', group: 'sessions' },
  { key: 'bookmarks', to: '/system/sessions/bookmarks', icon: 'tab', action: 'admin', group: 'sessions' },
  { key: 'profiles', to: '/system/sessions/profiles', icon: 'clock', action: 'admin', group: 'sessions' },
  { key: 'forms', to: '/system/sessions/forms', icon: 'form', action: 'admin', group: 'sessions' },
  { key: 'functions', to: '/system/functions', icon: 'function', action: 'admin', group: 'sessions' },
  { key: 'permissions', to: '/system/people/permissions', icon: 'users', action: 'admin', group: 'people' },
  { key: 'audit', to: '/system/people/audit', icon: 'log', action: 'audit', group: 'people' },
  { key: 'servers', to: '/system/site/servers', icon: 'server', action: 'admin', group: 'site' },
  { key: 'settings', to: '/system/site/settings', icon: 'seat', action: 'admin', group: 'site' },
] as const satisfies readonly SystemPage[];

/** What somebody who may do `actions` is shown. */
export function pagesFor(actions: readonly string[]): readonly (typeof SYSTEM_PAGES)[number][] {
  return SYSTEM_PAGES.filter(({ action }) => actions.includes(action));
}
