/** One system bookmark: what it starts, what it asks, whom it is for. */
import { useTranslation } from 'react-i18next';
import { MAX_BOOKMARK_NAME, RestartPolicy, type Bookmark } from '../../../contract/bookmark.ts';
import { useServices } from '../../app/services.ts';
import { EditorPanel } from '../list/EditorPanel.tsx';
import { SelectField, TextField } from '../list/Field.tsx';
import type { RecordPanelProps } from '../list/use-record-list.ts';
import { useRecord } from '../list/use-record.ts';
import { WordsField } from '../list/WordsField.tsx';
import { BookmarkIcon } from './BookmarkIcon.tsx';
import { EMPTY, fromBookmark, parse, toDraft, type Draft } from './draft.ts';
import { FormOrder } from './FormOrder.tsx';
import { IconPicker } from './IconPicker.tsx';

/** What a bookmark can name. */
export interface Names {
  readonly forms: readonly { readonly id: string; readonly name: string }[];
  readonly profiles: readonly { readonly id: string; readonly name: string }[];
  readonly servers: readonly string[];
  readonly pools: readonly string[];
  readonly tags: readonly string[];
}

export interface BookmarkPanelProps extends RecordPanelProps<Bookmark, Draft> {
  readonly names: Names;
}

const SIZES = ['fullscreen', 'rootless', '1280x800', '1600x900', '1920x1080', '2560x1440'];
const OWN = ['name', 'command', 'geometry', 'params', 'groups', 'tags', 'runAs'];

export function BookmarkPanel({ record: bookmark, begin, names, actions, onSaved, onClose }: BookmarkPanelProps) {
  const { t } = useTranslation();
  const { api, notices } = useServices();
  const { editor, state, problem } = useRecord<Draft>(
    {
      draft: bookmark ? toDraft(bookmark) : EMPTY,
      version: bookmark?.version,
      async save(draft, version) {
        const { text } = parse(draft);
        if (!text) throw new TypeError('what is not valid was to be saved');
        const saved =
          version === undefined || !bookmark
            ? await api.call('bookmarkCreate', { ...text, system: true })
            : await api.call('bookmarkSave', { ...text, version }, { path: { id: bookmark.id } });
        const done = () => {
          notices.show({ kind: 'success', text: t('list.saved', { name: saved.name }) });
          onSaved(saved);
        };
        return { ...fromBookmark(saved), done };
      },
      reread: async () =>
        bookmark ? fromBookmark(await api.call('bookmark', {}, { path: { id: bookmark.id } })) : undefined,
      problems: (draft) =>
        Object.fromEntries(
          parse(draft).wrong.map((field) => {
            const empty = (field === 'name' || field === 'command') && draft[field].trim() === '';
            const text = OWN.includes(field) ? t(`bookmarks.problem.${field}`) : t('list.refused');
            return [field, empty ? t('list.required') : text];
          }),
        ),
    },
    t('list.refused'),
    begin,
  );
  const { draft } = state;
  const labels = Object.fromEntries(Object.keys(EMPTY).map((key) => [key, t(`bookmarks.${key}`)])) as {
    readonly [Key in keyof Draft]: string;
  };
  const withNone = (
    none: string,
    options: readonly { readonly id: string; readonly name: string }[],
    value: string,
  ) => [
    { value: '', label: none },
    ...options.map((one) => ({ value: one.id, label: one.name })),
    ...(value === '' || options.some((one) => one.id === value)
      ? []
      : [{ value, label: t('bookmarks.gone', { name: value }) }]),
  ];
  return (
    <EditorPanel
      title={bookmark?.name ?? t('bookmarks.new')}
      editor={editor}
      labels={labels}
      actions={actions}
      onClose={onClose}
    >
      <div className="tile-preview" aria-hidden="true">
        <span className="tile-face">
          <BookmarkIcon icon={draft.icon} command={draft.command} size={26} />
          <span className="tile-name">{draft.name || t('bookmarks.name')}</span>
        </span>
      </div>
      <TextField
        label={t('bookmarks.name')}
        maxLength={MAX_BOOKMARK_NAME}
        value={draft.name}
        problem={problem('name')}
        onChange={(name) => editor.edit({ name })}
      />
      <TextField
        label={t('bookmarks.command')}
        help={t('start.commandHelp')}
        mono
        lines={2}
        value={draft.command}
        problem={problem('command')}
        onChange={(command) => editor.edit({ command })}
      />
      <IconPicker icon={draft.icon} onChange={(icon) => editor.edit({ icon })} />
      <TextField
        label={t('bookmarks.geometry')}
        help={t('bookmarks.geometryHelp')}
        list={SIZES}
        value={draft.geometry}
        problem={problem('geometry')}
        onChange={(geometry) => editor.edit({ geometry })}
      />
      <FormOrder forms={names.forms} chosen={draft.forms} onChange={(forms) => editor.edit({ forms })} />
      <SelectField
        label={t('bookmarks.profile')}
        help={t('bookmarks.profileHelp')}
        value={draft.profile}
        options={withNone(t('profiles.noProfile'), names.profiles, draft.profile)}
        onChange={(profile) => editor.edit({ profile })}
      />
      <fieldset>
        <legend>{t('bookmarks.whom')}</legend>
        <WordsField
          label={t('bookmarks.groups')}
          help={t('bookmarks.groupsHelp')}
          placeholder={t('bookmarks.everybody')}
          words={draft.groups}
          problem={problem('groups')}
          onChange={(groups) => editor.edit({ groups })}
        />
        <WordsField
          label={t('bookmarks.tags')}
          help={t('bookmarks.tagsHelp')}
          words={draft.tags}
          suggestions={names.tags}
          problem={problem('tags')}
          onChange={(tags) => editor.edit({ tags })}
        />
      </fieldset>
      <fieldset>
        <legend>{t('bookmarks.how')}</legend>
        <SelectField
          label={t('bookmarks.restart')}
          help={t('bookmarks.restartHelp')}
          value={draft.restart}
          options={RestartPolicy.options.map((value) => ({ value, label: t(`bookmarks.policies.${value}`) }))}
          onChange={(value) => editor.edit({ restart: RestartPolicy.parse(value) })}
        />
        <TextField
          label={t('bookmarks.runAs')}
          help={t('bookmarks.runAsHelp')}
          mono
          placeholder={t('bookmarks.runAsNobody')}
          value={draft.runAs}
          problem={problem('runAs')}
          onChange={(runAs) => editor.edit({ runAs })}
        />
        <TextField
          label={t('bookmarks.serverId')}
          placeholder={t('bookmarks.anyServer')}
          list={names.servers}
          value={draft.serverId}
          problem={problem('serverId')}
          onChange={(serverId) => editor.edit({ serverId })}
        />
        <TextField
          label={t('bookmarks.pool')}
          placeholder={t('bookmarks.anyServer')}
          list={names.pools}
          value={draft.pool}
          problem={problem('pool')}
          onChange={(pool) => editor.edit({ pool })}
        />
        <TextField
          label={t('bookmarks.params')}
          help={t('bookmarks.paramsHelp')}
          mono
          lines={3}
          placeholder="{}"
          value={draft.params}
          problem={problem('params')}
          onChange={(params) => editor.edit({ params })}
        />
      </fieldset>
    </EditorPanel>
  );
}
