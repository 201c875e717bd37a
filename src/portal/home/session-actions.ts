/** What can be done to a session from its card; failures become notices. */
import { useTranslation } from 'react-i18next';
import type { ApiName } from '../../contract/api.ts';
import { RESERVED_PARAMS } from '../../contract/json.ts';
import { BOOKMARK_ICONS } from '../../contract/bookmark.ts';
import type { Session } from '../../contract/session.ts';
import type { StartRequest } from '../../contract/start.ts';
import { toFailure } from '../../api/failure.ts';
import type { BookmarkDraft } from '../start/SaveBookmarkDialog.tsx';
import { useServices } from '../app/services.ts';
import { useFailureText } from '../parts/Failure.tsx';

/** The data that starts the same again: the server writes the reserved parameters itself. */
export function sameAgain(session: Session): StartRequest {
  const reserved: readonly string[] = RESERVED_PARAMS;
  const { bookmarkId } = session.params;
  return {
    command: session.command,
    geometry: session.geometry,
    name: session.name,
    params: Object.fromEntries(Object.entries(session.params).filter(([name]) => !reserved.includes(name))),
    ...(session.profile === null ? {} : { profile: session.profile }),
    ...(typeof bookmarkId === 'string' ? { bookmarkId } : {}),
  };
}

/** What a session was started with, its answers included, as a bookmark of one's own. It asks no forms. */
export function bookmarkOf(session: Session): BookmarkDraft {
  const { command, name, geometry, params = {}, bookmarkId } = sameAgain(session);
  const { icon } = session.params;
  // A profile that came with a bookmark may be one that nobody can choose.
  const profile = bookmarkId ? null : session.profile;
  return { command, name: name ?? command, geometry, params, profile, forms: [], icon: isIcon(icon) ? icon : '' };
}

const isIcon = (icon: unknown): icon is string => BOOKMARK_ICONS.some((one) => one === icon);

type ByIdCall = Extract<ApiName, 'disconnect' | 'terminate' | 'purge' | 'extend'>;

export interface SessionActions {
  disconnect(session: Session): Promise<void>;
  /** `false`: it could not be ended, which has been said. */
  terminate(session: Pick<Session, 'id'>): Promise<boolean>;
  purge(session: Session): Promise<void>;
  /** Puts the limit off that is near. */
  extend(session: Session): Promise<void>;
}

export function useSessionActions(): SessionActions {
  const { api, notices, sessions } = useServices();
  const { t } = useTranslation();
  const failureText = useFailureText();

  async function act(call: ByIdCall, session: Pick<Session, 'id'>): Promise<boolean> {
    try {
      await api.call(call, { id: session.id });
      return true;
    } catch (thrown) {
      const failure = toFailure(thrown);
      // It is gone already: what was wanted.
      if (failure.code === 'session-unknown') {
        sessions.remove(session.id);
        return true;
      }
      notices.show({
        kind: 'error',
        text: failureText(failure),
        ...(failure.retryable ? { action: { label: t('retry'), run: () => void act(call, session) } } : {}),
      });
      return false;
    }
  }

  return {
    async disconnect(session) {
      if (await act('disconnect', session)) {
        notices.show({ kind: 'success', text: t('session.disconnected', { name: session.name }) });
      }
    },
    terminate: (session) => act('terminate', session),
    async extend(session) {
      await act('extend', session);
    },
    async purge(session) {
      if (await act('purge', session)) sessions.remove(session.id);
    },
  };
}
