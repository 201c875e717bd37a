/** One profile: what its sessions may do and for how long. */
import { useTranslation } from 'react-i18next';
import { ClipboardMode, FileTransfer } from '../../../contract/allowances.ts';
import { MAX_PROFILE_NAME, PROFILE_EVENTS, type Profile } from '../../../contract/profile.ts';
import { useServices } from '../../app/services.ts';
import { DurationField } from '../list/DurationField.tsx';
import { EditorPanel } from '../list/EditorPanel.tsx';
import { CheckField, SelectField, TextField } from '../list/Field.tsx';
import type { RecordPanelProps } from '../list/use-record-list.ts';
import { useRecord } from '../list/use-record.ts';
import { WordsField } from '../list/WordsField.tsx';
import { fromProfile, toDraft, toSend, wrongIn, EMPTY, type Draft } from './draft.ts';

export interface ProfilePanelProps extends RecordPanelProps<Profile, Draft> {
  readonly pools: readonly string[];
  /** Names of the bookmarks that name it. */
  readonly usedBy: readonly string[];
}

export function ProfilePanel({ record: profile, begin, pools, usedBy, actions, onSaved, onClose }: ProfilePanelProps) {
  const { t } = useTranslation();
  const { api, notices } = useServices();
  const { editor, state, problem } = useRecord<Draft>(
    {
      draft: profile ? toDraft(profile) : EMPTY,
      version: profile?.version,
      async save(draft, version) {
        const saved =
          version === undefined || !profile
            ? await api.call('adminProfileCreate', toSend(draft))
            : await api.call('adminProfileSave', { ...toSend(draft), version }, { path: { id: profile.id } });
        const done = () => {
          notices.show({ kind: 'success', text: t('list.saved', { name: saved.name }) });
          onSaved(saved);
        };
        return { ...fromProfile(saved), done };
      },
      reread: async () =>
        profile ? fromProfile(await api.call('adminProfile', {}, { path: { id: profile.id } })) : undefined,
      problems: (draft) =>
        Object.fromEntries(
          [...wrongIn(draft)].map(([field, kind]) => [
            field,
            t(kind === 'name' && draft.name.trim() === '' ? 'list.required' : `profiles.problem.${kindOf(kind)}`),
          ]),
        ),
    },
    t('list.refused'),
    begin,
  );
  const { draft } = state;
  const time = (field: 'idleSeconds' | 'endAfterDisconnectSeconds' | 'maxRunSeconds' | 'extensionSeconds') => (
    <DurationField
      label={t(`profiles.${field}`)}
      help={t(`profiles.${field}Help`)}
      problem={problem(field)}
      seconds={draft[field]}
      none={t(field === 'extensionSeconds' ? 'profiles.sameAgain' : 'profiles.noLimit')}
      onChange={(seconds) => editor.edit({ [field]: seconds })}
    />
  );
  const labels = Object.fromEntries(Object.keys(EMPTY).map((key) => [key, t(`profiles.${key}`)])) as {
    readonly [Key in keyof Draft]: string;
  };
  return (
    <EditorPanel
      title={profile?.name ?? t('profiles.new')}
      editor={editor}
      labels={labels}
      actions={actions}
      onClose={onClose}
    >
      <TextField
        label={t('profiles.name')}
        value={draft.name}
        maxLength={MAX_PROFILE_NAME}
        problem={problem('name')}
        onChange={(name) => editor.edit({ name })}
      />
      <TextField
        label={t('profiles.description')}
        help={t('profiles.descriptionHelp')}
        lines={2}
        maxLength={2000}
        value={draft.description}
        problem={problem('description')}
        onChange={(description) => editor.edit({ description })}
      />
      {profile ? (
        <p className="field-help m-0">
          {usedBy.length === 0 ? t('profiles.usedByNone') : t('profiles.usedBy', { names: usedBy.join(', ') })}
        </p>
      ) : null}
      <fieldset>
        <legend>{t('profiles.times')}</legend>
        {time('idleSeconds')}
        {time('endAfterDisconnectSeconds')}
        {time('maxRunSeconds')}
        {draft.maxRunSeconds === null ? null : (
          <>
            <TextField
              label={t('profiles.extensions')}
              help={t('profiles.extensionsHelp')}
              unit={t('profiles.timesUnit')}
              value={draft.extensions < 0 ? '' : String(draft.extensions)}
              problem={problem('extensions')}
              onChange={(text) => editor.edit({ extensions: /^\d{1,3}$/.test(text.trim()) ? Number(text) : -1 })}
            />
            {draft.extensions > 0 ? time('extensionSeconds') : null}
          </>
        )}
      </fieldset>
      <fieldset>
        <legend>{t('profiles.allowed')}</legend>
        <SelectField
          label={t('profiles.clipboard')}
          value={draft.clipboard}
          options={ClipboardMode.options.map((value) => ({ value, label: t(`profiles.clipboardModes.${value}`) }))}
          onChange={(value) => editor.edit({ clipboard: ClipboardMode.parse(value) })}
        />
        <SelectField
          label={t('profiles.fileTransfer')}
          value={draft.fileTransfer}
          options={FileTransfer.options.map((value) => ({ value, label: t(`profiles.fileModes.${value}`) }))}
          onChange={(value) => editor.edit({ fileTransfer: FileTransfer.parse(value) })}
        />
        <CheckField
          label={t('profiles.sharing')}
          help={t('profiles.sharingHelp')}
          checked={draft.sharing}
          onChange={(sharing) => editor.edit({ sharing })}
        />
        <CheckField
          label={t('profiles.offlineSharing')}
          help={t('profiles.offlineSharingHelp')}
          checked={draft.offlineSharing}
          disabled={!draft.sharing}
          onChange={(offlineSharing) => editor.edit({ offlineSharing })}
        />
        <TextField
          label={t('profiles.maxGeometry')}
          help={t('profiles.maxGeometryHelp')}
          placeholder={t('profiles.noLimit')}
          value={draft.maxGeometry}
          problem={problem('maxGeometry')}
          onChange={(maxGeometry) => editor.edit({ maxGeometry })}
        />
      </fieldset>
      <fieldset>
        <legend>{t('profiles.where')}</legend>
        <CheckField
          label={t('profiles.hidden')}
          help={t('profiles.hiddenHelp')}
          checked={draft.hidden}
          onChange={(hidden) => editor.edit({ hidden })}
        />
        <WordsField
          label={t('profiles.pools')}
          help={t('profiles.poolsHelp')}
          problem={problem('pools')}
          placeholder={t('profiles.everywhere')}
          words={draft.pools}
          suggestions={pools}
          onChange={(words) => editor.edit({ pools: [...words] })}
        />
      </fieldset>
      <fieldset>
        <legend>{t('profiles.scripts')}</legend>
        <p className="field-help m-0">{t('profiles.scriptsHelp')}</p>
        {PROFILE_EVENTS.map((event) => (
          <TextField
            key={event}
            mono
            label={t(`profiles.events.${event}`)}
            placeholder="/usr/local/lib/casement/…"
            value={draft.scripts[event] ?? ''}
            problem={state.tried || draft.scripts[event] ? scriptProblem(event) : undefined}
            onChange={(path) => editor.edit({ scripts: { ...draft.scripts, [event]: path } })}
          />
        ))}
      </fieldset>
    </EditorPanel>
  );

  function scriptProblem(event: string): string | undefined {
    return wrongIn(draft).has(`scripts.${event}`) ? t('profiles.problem.script') : undefined;
  }
}

function kindOf(field: string): string {
  if (field.endsWith('Seconds')) return 'duration';
  return { maxGeometry: 'geometry', extensions: 'extensions', scripts: 'script' }[field] ?? 'other';
}
