/** What was started lately: again with the same answers, kept as a bookmark, or forgotten. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PastStart } from '../../contract/bookmark.ts';
import type { StartRequest } from '../../contract/start.ts';
import { toFailure } from '../../api/failure.ts';
import { useServices } from '../app/services.ts';
import { ago } from '../parts/ago.ts';
import { BookmarkIcon } from '../parts/BookmarkIcon.tsx';
import { useFailureText } from '../parts/Failure.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useNow } from '../parts/use-now.ts';

/** Enough for what one does again; the rest is one click away. */
const SHOWN = 3;

/** With the answers of then; where one of the forms has changed, or asked for a password, they are asked again. */
export function pastRequest(past: PastStart): StartRequest {
  const { command, geometry, params, profile, serverId, bookmarkId, answered, ask } = past;
  return {
    command,
    geometry,
    params,
    ...(past.name === command ? {} : { name: past.name }),
    ...(profile === null ? {} : { profile }),
    ...(serverId === null ? {} : { serverId }),
    ...(bookmarkId === null ? {} : { bookmarkId }),
    ...(ask ? { forms: answered.map(({ id }) => id) } : { forms: [], answered }),
  };
}

export interface PastStartsProps {
  readonly past: readonly PastStart[];
  readonly onStart: (title: string, request: StartRequest) => void;
  /** Absent: this person keeps no bookmarks. */
  readonly onSave: ((past: PastStart) => void) | undefined;
  readonly onChanged: () => void;
}

export function PastStarts({ past, onStart, onSave, onChanged }: PastStartsProps) {
  const { t, i18n } = useTranslation();
  const { api, notices } = useServices();
  const failureText = useFailureText();
  const now = useNow(60_000);
  const [all, setAll] = useState(false);
  if (past.length === 0) return null;

  async function forget(id: string): Promise<void> {
    try {
      await api.call('pastStartDelete', {}, { path: { id } });
    } catch (thrown) {
      notices.show({ kind: 'error', text: failureText(toFailure(thrown)) });
    }
    onChanged();
  }

  return (
    <section className="past-starts" aria-labelledby="past-starts">
      <h3 id="past-starts">{t('past.title')}</h3>
      <ul>
        {past.slice(0, all ? undefined : SHOWN).map((one) => {
          const said = Object.entries(one.params).map(([name, value]) => `${name}: ${textOf(value)}`);
          return (
            <li key={one.id}>
              <BookmarkIcon icon={one.icon} command={one.command} size={20} />
              <span className="past-what">
                <strong>{one.name}</strong>
                <small title={said.join('\n')}>{said.length === 0 ? one.command : said.join(', ')}</small>
              </span>
              <time dateTime={new Date(one.at).toISOString()}>{ago(one.at, now, i18n.language)}</time>
              <button
                type="button"
                className="icon-button"
                aria-label={t('past.again', { name: one.name })}
                title={one.ask ? t('past.asks') : t('past.againHint')}
                onClick={() => onStart(one.name, pastRequest(one))}
              >
                <Icon name="restart" size={17} />
              </button>
              {onSave ? (
                <button
                  type="button"
                  className="icon-button"
                  aria-label={t('past.save', { name: one.name })}
                  title={t('bookmark.save')}
                  onClick={() => onSave(one)}
                >
                  <Icon name="star" size={17} />
                </button>
              ) : null}
              <button
                type="button"
                className="icon-button"
                aria-label={t('past.forget', { name: one.name })}
                title={t('past.forgetHint')}
                onClick={() => void forget(one.id)}
              >
                <Icon name="close" size={17} />
              </button>
            </li>
          );
        })}
      </ul>
      {past.length > SHOWN ? (
        <button type="button" className="btn btn-sm btn-link" onClick={() => setAll(!all)}>
          {all ? t('past.fewer') : t('past.more', { count: past.length - SHOWN })}
        </button>
      ) : null}
    </section>
  );
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
