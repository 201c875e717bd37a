/** Toasts, in a region that screen readers announce without moving the focus. */
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useServices } from '../app/services.ts';
import { Icon } from './Icon.tsx';

export function NoticeList() {
  const { t } = useTranslation();
  const { notices } = useServices();
  const shown = useStore(notices.store, (state) => state.notices);
  return (
    <section className="notices" aria-live="polite" aria-label={t('notices')}>
      {shown.map((notice) => (
        <div
          key={notice.id}
          className={`notice notice-${notice.kind}`}
          role={notice.kind === 'error' ? 'alert' : 'status'}
        >
          <Icon name={notice.kind === 'success' ? 'check' : notice.kind === 'error' ? 'alert' : 'info'} />
          <span className="notice-text">{notice.text}</span>
          {notice.action ? (
            <button
              type="button"
              className="btn btn-sm btn-link"
              onClick={() => {
                notices.dismiss(notice.id);
                notice.action?.run();
              }}
            >
              {notice.action.label}
            </button>
          ) : null}
          <button
            type="button"
            className="icon-button"
            aria-label={t('close')}
            onClick={() => notices.dismiss(notice.id)}
          >
            <Icon name="close" size={16} />
          </button>
        </div>
      ))}
    </section>
  );
}
