/** What stands in the way of one more session: which limit it is, and one's own sessions, each with a way to end it. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { SeatRefusal } from '../../contract/settings.ts';
import { useServices } from '../app/services.ts';
import { useMay } from '../app/use-may.ts';
import { useSessionActions } from '../home/session-actions.ts';
import { ago } from './ago.ts';
import { ConfirmDialog } from './ConfirmDialog.tsx';
import { Icon } from './Icon.tsx';
import { useNow } from './use-now.ts';

/** Nothing where `details` are not those of such a refusal. */
export function SeatsTaken({ details }: { readonly details: unknown }) {
  const refusal = SeatRefusal.safeParse(details);
  return refusal.success ? <Taken refusal={refusal.data} /> : null;
}

function Taken({ refusal }: { readonly refusal: SeatRefusal }) {
  const { t, i18n } = useTranslation();
  const { sessions: store } = useServices();
  const sessions = useStore(store.store, (state) => state.sessions);
  const actions = useSessionActions();
  const may = useMay();
  const now = useNow(30_000);
  const [ending, setEnding] = useState<string>();
  const [ended, setEnded] = useState<readonly string[]>([]);
  const { scope, limit, hostname = '' } = refusal;
  /** Those that have ended since make room. */
  const isOver = (id: string) => {
    const status = sessions.get(id)?.status;
    return ended.includes(id) || status === 'ended' || status === 'failed';
  };
  const own = refusal.sessions.filter(({ id }) => !isOver(id));
  const asked = own.find(({ id }) => id === ending);

  async function end(session: { readonly id: string }): Promise<void> {
    if (await actions.terminate(session)) setEnded((before) => [...before, session.id]);
  }

  return (
    <section className="seats" aria-label={t('seats.heading')}>
      <p>{t(`seats.${scope}`, { limit, hostname })}</p>
      {own.length === refusal.sessions.length ? null : <output>{t('seats.free')}</output>}
      {own.length === 0 ? null : (
        <>
          <p>{t('seats.own')}</p>
          <ul>
            {own.map(({ id, name, started }) => (
              <li key={id}>
                <span className="seats-name">
                  {name} <span className="muted">{ago(started, now, i18n.language)}</span>
                </span>
                {may('terminate') ? (
                  <button
                    type="button"
                    className="btn btn-sm btn-quiet"
                    aria-label={t('seats.end', { name })}
                    onClick={() => setEnding(id)}
                  >
                    <Icon name="stop" size={16} /> {t('session.terminate')}
                  </button>
                ) : null}
              </li>
            ))}
          </ul>
        </>
      )}
      {refusal.sessions.length === 0 && scope !== 'user' ? <p>{t('seats.wait')}</p> : null}
      {asked ? (
        <ConfirmDialog
          title={t('terminate.title', { name: asked.name })}
          confirm={t('session.terminate')}
          onConfirm={() => void end(asked)}
          onClose={() => setEnding(undefined)}
        >
          <p>{t('terminate.text')}</p>
        </ConfirmDialog>
      ) : null}
    </section>
  );
}
