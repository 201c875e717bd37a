/** One of our pictures, or a small one of one's own. */
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BOOKMARK_ICONS, isPicture, MAX_ICON } from '../../../contract/bookmark.ts';
import { BookmarkIcon } from './BookmarkIcon.tsx';

function readPicture(file: File): Promise<string> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(typeof reader.result === 'string' ? reader.result : ''));
    reader.addEventListener('error', () => resolve(''));
    reader.readAsDataURL(file);
  });
}

export function IconPicker({ icon, onChange }: { readonly icon: string; readonly onChange: (icon: string) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const file = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState(false);
  const choices = isPicture(icon) ? [...BOOKMARK_ICONS, icon] : BOOKMARK_ICONS;

  async function take(chosen: File): Promise<void> {
    // In base64, three bytes are four characters.
    const picture = chosen.size > MAX_ICON ? '' : await readPicture(chosen);
    setProblem(!isPicture(picture));
    if (isPicture(picture)) onChange(picture);
  }

  return (
    <fieldset className="icon-picker">
      <legend>{t('bookmarks.icon')}</legend>
      <div className="icon-choices">
        {choices.map((one) => (
          <label key={one} title={isPicture(one) ? t('bookmarks.ownPicture') : t(`bookmarks.icons.${one}`)}>
            <input
              type="radio"
              name={id}
              className="visually-hidden"
              checked={one === icon}
              aria-label={isPicture(one) ? t('bookmarks.ownPicture') : t(`bookmarks.icons.${one}`)}
              onChange={() => onChange(one)}
            />
            <BookmarkIcon icon={one} command="" size={22} />
          </label>
        ))}
        <button type="button" className="btn btn-sm btn-quiet" onClick={() => file.current?.click()}>
          {t('bookmarks.upload')}
        </button>
        <input
          ref={file}
          type="file"
          accept="image/png,image/jpeg,image/gif,image/webp"
          className="visually-hidden"
          tabIndex={-1}
          aria-label={t('bookmarks.upload')}
          onChange={(event) => {
            const chosen = event.target.files?.[0];
            event.target.value = '';
            if (chosen) void take(chosen);
          }}
        />
      </div>
      {problem ? (
        <p className="field-problem" role="alert">
          {t('bookmarks.badPicture')}
        </p>
      ) : null}
    </fieldset>
  );
}
