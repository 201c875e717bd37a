/** Keeps a command with its answers as a bookmark of one's own. */
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BOOKMARK_ICONS, MAX_BOOKMARK_NAME, type NewBookmark } from '../../contract/bookmark.ts';
import { toFailure, type ApiFailure } from '../../api/failure.ts';
import { useServices } from '../app/services.ts';
import { BookmarkIcon } from '../parts/BookmarkIcon.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { Failure } from '../parts/Failure.tsx';
import './start.css';

export type BookmarkDraft = Pick<NewBookmark, 'name' | 'command' | 'geometry' | 'params' | 'forms' | 'profile'> & {
  readonly icon: string;
};

export interface SaveBookmarkDialogProps {
  readonly draft: BookmarkDraft;
  readonly onSaved: (id: string) => void;
  readonly onClose: () => void;
}

export function SaveBookmarkDialog({ draft, onSaved, onClose }: SaveBookmarkDialogProps) {
  const { t } = useTranslation();
  const { api, notices } = useServices();
  const id = useId();
  const [name, setName] = useState(draft.name.slice(0, MAX_BOOKMARK_NAME));
  const [icon, setIcon] = useState(draft.icon === '' ? 'window' : draft.icon);
  const [tags, setTags] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure>();
  const pictures = BOOKMARK_ICONS.some((one) => one === icon) ? BOOKMARK_ICONS : [icon, ...BOOKMARK_ICONS];

  async function save(): Promise<void> {
    setBusy(true);
    try {
      const words = tags.split(',').map((tag) => tag.trim());
      const made = await api.call('bookmarkCreate', { ...draft, name, icon, tags: words.filter(Boolean) });
      notices.show({ kind: 'success', text: t('bookmark.saved', { name: made.name }) });
      onSaved(made.id);
      onClose();
    } catch (thrown) {
      setFailure(toFailure(thrown));
      setBusy(false);
    }
  }

  return (
    <Dialog
      title={t('bookmark.save')}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="btn btn-quiet" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" form={`${id}-form`} className="btn btn-primary" disabled={busy}>
            {t('bookmark.keep')}
          </button>
        </>
      }
    >
      <form
        id={`${id}-form`}
        className="choose"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {failure ? <Failure failure={failure} /> : null}
        <p className="field-help">
          <code>{draft.command}</code>
        </p>
        <div className="field">
          <label htmlFor={`${id}-name`}>{t('bookmark.name')}</label>
          <input
            id={`${id}-name`}
            className="form-control"
            required
            maxLength={MAX_BOOKMARK_NAME}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-tags`}>{t('bookmark.tags')}</label>
          <input
            id={`${id}-tags`}
            className="form-control"
            maxLength={400}
            autoComplete="off"
            aria-describedby={`${id}-tags-help`}
            value={tags}
            onChange={(event) => setTags(event.target.value)}
          />
          <p id={`${id}-tags-help`} className="field-help">
            {t('bookmark.tagsHelp')}
          </p>
        </div>
        <fieldset>
          <legend>{t('bookmark.icon')}</legend>
          <div className="icon-choice">
            {pictures.map((one) => (
              <label key={one} className="icon-option">
                <input
                  type="radio"
                  name={`${id}-icon`}
                  checked={icon === one}
                  aria-label={t(`bookmark.icons.${one.startsWith('data:') ? 'picture' : one}`)}
                  onChange={() => setIcon(one)}
                />
                <span>
                  <BookmarkIcon icon={one} command={draft.command} size={24} />
                </span>
              </label>
            ))}
          </div>
        </fieldset>
      </form>
    </Dialog>
  );
}
