/** First page of the Start dialog: what to start, how large, under which name, asking which forms. */
import { useEffect, useId, useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { Bookmark, PastStart } from '../../contract/bookmark.ts';
import { MAX_COMMAND, type StartRequest } from '../../contract/start.ts';
import { useServices } from '../app/services.ts';
import { useMay } from '../app/use-may.ts';
import { readSetting, writeSetting } from '../app/settings.ts';
import { Icon } from '../parts/Icon.tsx';
import { BookmarkBar } from './BookmarkBar.tsx';
import { Gallery } from './Gallery.tsx';
import { PastStarts } from './PastStarts.tsx';
import { SaveBookmarkDialog, type BookmarkDraft } from './SaveBookmarkDialog.tsx';
import type { StartLink } from './start-link.ts';
import { choiceOf, COMMON_SIZES, geometryOf } from './geometry.ts';
import type { Catalogue } from './use-catalogue.ts';

/** The tile that asks for a command line. */
const OWN = '';

export interface ChooseFormProps {
  readonly catalogue: Catalogue;
  /** Start data to begin with, e.g. of a session that has ended. */
  readonly template: StartRequest | undefined;
  /** The link that the page was opened with. */
  readonly link: StartLink | undefined;
  /** Whether there is anything that was typed by hand. */
  readonly onTyped: (isTyped: boolean) => void;
  /** For a submit button outside the form. */
  readonly formId: string | undefined;
  readonly onStart: (title: string, request: StartRequest) => void;
  /** Something of the catalogue is not as it was. */
  readonly onChanged: () => void;
}

interface Typed {
  choice: string;
  command: string;
  name: string;
  size: string;
  custom: string;
  forms: string[];
}

/** A bookmark brings its own forms; a command of one's own is asked the site's. */
function formsOf({ bookmarks, forms }: Catalogue, choice: string, elsewhere?: Bookmark): string[] {
  if (choice === OWN) return forms.filter(({ isDefault }) => isDefault).map(({ id }) => id);
  const bookmark = bookmarks.find(({ id }) => id === choice) ?? elsewhere;
  return bookmark?.id === choice ? [...bookmark.forms] : [];
}

function initial(
  { catalogue, template, link }: Pick<ChooseFormProps, 'catalogue' | 'template' | 'link'>,
  mayOwn: boolean,
): Typed {
  if (template) {
    const { choice, custom } = choiceOf(template.geometry);
    const name = template.name ?? '';
    return { choice: OWN, command: template.command, name, size: choice, custom, forms: template.forms ?? [] };
  }
  const kept = readSetting('start.choice');
  const last = mayOwn || kept !== OWN ? kept : undefined;
  const linked = catalogue.bookmarks.find(({ id }) => id === link?.bookmark);
  const known = linked ?? catalogue.bookmarks.find(({ id }) => id === last) ?? catalogue.bookmarks[0];
  const size = readSetting('start.size') ?? 'fit';
  return {
    choice: last === OWN && !linked ? OWN : (known?.id ?? OWN),
    command: '',
    name: '',
    size: size === 'custom' ? 'fit' : size,
    custom: '',
    forms: formsOf(catalogue, last === OWN ? OWN : (known?.id ?? OWN)),
  };
}

export function ChooseForm({ catalogue, template, link, formId, onStart, onTyped, onChanged }: ChooseFormProps) {
  const { t } = useTranslation();
  const { stage } = useServices();
  const may = useMay();
  const id = useId();
  const form = useForm<Typed>({ defaultValues: initial({ catalogue, template, link }, may('start-command')) });
  const [choice, size, command, name] = useWatch({
    control: form.control,
    name: ['choice', 'size', 'command', 'name'],
  });
  const isTyped = command.trim() !== (template?.command ?? '') || name.trim() !== (template?.name ?? '');
  useEffect(() => onTyped(isTyped), [isTyped, onTyped]);
  const { errors } = form.formState;
  /** Chosen from a later page, or found by a search. */
  const [elsewhere, setElsewhere] = useState<Bookmark>();
  const find = (wanted: string) =>
    catalogue.bookmarks.find((one) => one.id === wanted) ?? (elsewhere?.id === wanted ? elsewhere : undefined);
  const chosen = find(choice);
  const favourites = catalogue.bookmarks.filter(({ favourite }) => favourite).map((one) => one.id);
  const [saving, setSaving] = useState<BookmarkDraft>();

  const { setValue } = form;
  /** As text: a catalogue that is read again and has the same must not take back what was ticked meanwhile. */
  const ownForms = JSON.stringify([choice, formsOf(catalogue, choice, elsewhere)]);
  useEffect(() => {
    if (template) return;
    const [, forms] = JSON.parse(ownForms) as [string, string[]];
    setValue('forms', forms);
  }, [ownForms, setValue, template]);

  const submit = form.handleSubmit((typed) => {
    const geometry = geometryOf(typed.size, typed.custom, stage);
    if (geometry === undefined) {
      form.setError('custom', { message: t('start.badSize') }, { shouldFocus: true });
      return;
    }
    if (!template) {
      writeSetting('start.choice', typed.choice);
      writeSetting('start.size', typed.size);
    }
    const bookmark = find(typed.choice);
    const name = typed.name.trim();
    const common = { geometry, forms: typed.forms, ...(name === '' ? {} : { name }) };
    if (bookmark) {
      onStart(name || bookmark.name, {
        ...common,
        command: bookmark.command,
        params: bookmark.params,
        bookmarkId: bookmark.id,
        ...(bookmark.profile === null ? {} : { profile: bookmark.profile }),
      });
    } else {
      const command = typed.command.trim();
      onStart(name || command, {
        ...common,
        command,
        params: template?.params ?? {},
        ...(template?.profile === undefined ? {} : { profile: template.profile }),
      });
    }
  });

  const unknownLink = link && link.bookmark !== '' && !catalogue.bookmarks.some((one) => one.id === link.bookmark);
  return (
    <>
      <form id={formId} className="choose" noValidate onSubmit={(event) => void submit(event)}>
        {unknownLink ? (
          <output className="strip strip-warn">
            <Icon name="alert" size={18} /> {t('start.linkUnknown')}
          </output>
        ) : null}
        {link && !unknownLink && link.texts.size > 0 ? (
          <output className="strip strip-info">
            <Icon name="info" size={18} /> {t('start.linkFills', { names: [...link.texts.keys()].join(', ') })}
          </output>
        ) : null}
        <Gallery
          catalogue={catalogue}
          radio={form.register('choice')}
          choice={choice}
          onChoose={(bookmark) => {
            setElsewhere(bookmark);
            setValue('choice', bookmark.id);
          }}
          onStart={() => void submit()}
          own={
            may('start-command') ? (
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
              <label className="tile" title={t('start.ownHint')} onDoubleClick={() => void submit()}>
                <input type="radio" value={OWN} {...form.register('choice')} />
                <span className="tile-face">
                  <Icon name="command" size={34} />
                  <span className="tile-name">{t('start.ownCommand')}</span>
                </span>
              </label>
            ) : null
          }
        />
        {chosen ? <BookmarkBar bookmark={chosen} favourites={favourites} onChanged={onChanged} /> : null}

        {choice === OWN && may('start-command') ? (
          <div className="field">
            <label htmlFor={`${id}-command`}>{t('start.command')}</label>
            <textarea
              id={`${id}-command`}
              className="form-control mono"
              rows={2}
              maxLength={MAX_COMMAND}
              spellCheck={false}
              autoCapitalize="off"
              placeholder="xterm -fa Monospace -fs 12"
              aria-invalid={errors.command !== undefined}
              aria-describedby={`${id}-command-help`}
              onKeyDown={(event) => {
                // A command is one line; Enter starts as it does in every other field here.
                if (event.key !== 'Enter' || event.shiftKey) return;
                event.preventDefault();
                void submit();
              }}
              {...form.register('command', {
                validate: (text, typed) => typed.choice !== OWN || text.trim() !== '' || t('start.noCommand'),
              })}
            />
            <p id={`${id}-command-help`} className={errors.command ? 'field-problem' : 'field-help'}>
              {errors.command?.message ?? t('start.commandHelp')}
            </p>
          </div>
        ) : null}

        <div className="field-row">
          <div className="field">
            <label htmlFor={`${id}-size`}>{t('start.size')}</label>
            <select id={`${id}-size`} className="form-select" {...form.register('size')}>
              <option value="fit">{t('size.fit')}</option>
              {COMMON_SIZES.map((one) => (
                <option key={one} value={one}>
                  {one.replace('x', ' × ')}
                </option>
              ))}
              <option value="rootless">{t('size.rootless')}</option>
              <option value="custom">{t('size.custom')}</option>
            </select>
          </div>
          {size === 'custom' ? (
            <div className="field">
              <label htmlFor={`${id}-custom`}>{t('start.customSize')}</label>
              <input
                id={`${id}-custom`}
                className="form-control"
                placeholder="1440x900"
                autoComplete="off"
                aria-invalid={errors.custom !== undefined}
                aria-describedby={errors.custom ? `${id}-custom-help` : undefined}
                {...form.register('custom')}
              />
              {errors.custom ? (
                <p id={`${id}-custom-help`} className="field-problem" role="alert">
                  {errors.custom.message}
                </p>
              ) : null}
            </div>
          ) : null}
          <div className="field">
            <label htmlFor={`${id}-name`}>{t('start.name')}</label>
            <input
              id={`${id}-name`}
              className="form-control"
              maxLength={256}
              autoComplete="off"
              placeholder={t('start.nameHint')}
              {...form.register('name')}
            />
          </div>
        </div>

        {catalogue.forms.length > 0 && may('start-command') ? (
          <details className="ask-forms">
            <summary>
              <Icon name="chevron" size={16} /> {t('start.forms')}
            </summary>
            <p className="field-help">{t('start.formsHelp')}</p>
            {catalogue.forms.map((one) => (
              <label key={one.id} className="form-check">
                <input type="checkbox" className="form-check-input" value={one.id} {...form.register('forms')} />
                <span className="form-check-label">{one.name}</span>
              </label>
            ))}
          </details>
        ) : null}
        {choice === OWN && command.trim() !== '' && may('bookmarks-own') ? (
          <button
            type="button"
            className="btn btn-sm btn-quiet save-bookmark"
            onClick={() =>
              setSaving({
                name: name.trim() || command.trim(),
                icon: '',
                command: command.trim(),
                geometry: geometryOf(size, form.getValues('custom'), stage) ?? 'fullscreen',
                params: template?.params ?? {},
                forms: form.getValues('forms'),
                profile: template?.profile ?? null,
              })
            }
          >
            <Icon name="star" size={16} /> {t('bookmark.save')}
          </button>
        ) : null}
        {template ? null : (
          <PastStarts
            past={catalogue.past.filter(({ bookmarkId }) => may('start-command') || bookmarkId !== null)}
            onStart={onStart}
            onSave={
              may('bookmarks-own')
                ? (past) => setSaving({ ...pick(past), forms: past.answered.map((answered) => answered.id) })
                : undefined
            }
            onChanged={onChanged}
          />
        )}
      </form>
      {saving ? <SaveBookmarkDialog draft={saving} onSaved={onChanged} onClose={() => setSaving(undefined)} /> : null}
    </>
  );
}

const pick = ({ name, icon, command, geometry, params, profile }: PastStart) => ({
  name,
  icon,
  command,
  geometry,
  params,
  profile,
});
