/** One rule: for whom, which level, and which single actions beside it. */
import { useTranslation } from 'react-i18next';
import { LEVELS, type PermissionEntry } from '../../../contract/permissions.ts';
import { useServices } from '../../app/services.ts';
import { EditorPanel } from '../list/EditorPanel.tsx';
import { SelectField, TextField } from '../list/Field.tsx';
import type { RecordPanelProps } from '../list/use-record-list.ts';
import { useRecord } from '../list/use-record.ts';
import { fromEntry, isSubject, NEW_RULE, type RuleDraft } from './rule.ts';
import { Says } from './Says.tsx';

export interface RulePanelProps extends RecordPanelProps<PermissionEntry> {
  readonly taken: (id: string) => boolean;
}

export function RulePanel({ record: entry, taken, actions, onSaved, onClose }: RulePanelProps) {
  const { t } = useTranslation();
  const { api, notices } = useServices();
  const { editor, state, problem } = useRecord<RuleDraft>(
    {
      draft: entry ? fromEntry(entry).draft : NEW_RULE,
      version: entry?.version,
      async save({ id, level, grant, deny, note }, version) {
        const saved = await api.call(
          'adminPermissionSave',
          { level, grant: [...grant], deny: [...deny], note, version: version ?? 0 },
          { path: { id: id.trim() } },
        );
        const done = () => {
          notices.show({ kind: 'success', text: t('list.saved', { name: saved.id }) });
          onSaved(saved);
        };
        return { ...fromEntry(saved), done };
      },
      async reread({ id: wanted }) {
        const { entries } = await api.call('adminPermissions', {});
        const theirs = entries.find((one) => one.id === wanted.trim());
        return theirs ? fromEntry(theirs) : undefined;
      },
      problems({ id }) {
        if (id.trim() === '') return { id: t('list.required') };
        if (!isSubject(id.trim())) return { id: t('permissions.badSubject') };
        return entry === undefined && taken(id.trim()) ? { id: t('permissions.taken') } : {};
      },
    },
    t('list.refused'),
  );
  const { draft } = state;
  return (
    <EditorPanel
      title={entry?.id ?? t('permissions.new')}
      editor={editor}
      labels={{
        id: t('permissions.who'),
        level: t('permissions.level'),
        grant: t('permissions.says.grant'),
        deny: t('permissions.says.deny'),
        note: t('permissions.note'),
      }}
      read={(key, value) => {
        if (key === 'level') return t(`permissions.levels.${typeof value === 'string' ? value : 'none'}`);
        return Array.isArray(value) && value.length > 0
          ? value.map((action: string) => t(`permissions.actions.${action}`)).join(', ')
          : undefined;
      }}
      actions={actions}
      onClose={onClose}
    >
      {entry ? null : (
        <TextField
          label={t('permissions.who')}
          help={t('permissions.whoHelp')}
          mono
          value={draft.id}
          problem={problem('id')}
          onChange={(id) => editor.edit({ id })}
        />
      )}
      <SelectField
        label={t('permissions.level')}
        help={t(`permissions.levelHelp.${draft.level ?? 'none'}`)}
        value={draft.level ?? ''}
        options={[
          { value: '', label: t('permissions.levels.none') },
          ...LEVELS.map((level) => ({ value: level, label: t(`permissions.levels.${level}`) })),
        ]}
        onChange={(value) => editor.edit({ level: LEVELS.find((level) => level === value) ?? null })}
      />
      <TextField
        label={t('permissions.note')}
        help={t('permissions.noteHelp')}
        maxLength={500}
        value={draft.note}
        problem={problem('note')}
        onChange={(note) => editor.edit({ note })}
      />
      {draft.level === 'admin' || draft.level === 'disabled' ? (
        <p className="field-help m-0">{t(`permissions.noSingles.${draft.level}`)}</p>
      ) : (
        <fieldset>
          <legend>{t('permissions.singles')}</legend>
          <Says rule={draft} name="rule" onChange={(change) => editor.edit(change)} />
        </fieldset>
      )}
    </EditorPanel>
  );
}
