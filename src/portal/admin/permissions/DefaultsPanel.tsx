/** What is true for everybody for whom no rule says anything else. */
import { useTranslation } from 'react-i18next';
import { RULED_LEVELS, type PermissionDefaults, type RuledLevel } from '../../../contract/permissions.ts';
import { useServices } from '../../app/services.ts';
import { EditorPanel } from '../list/EditorPanel.tsx';
import { SelectField } from '../list/Field.tsx';
import { useRecord } from '../list/use-record.ts';
import { Says } from './Says.tsx';
import type { RuleDraft } from './rule.ts';

type Rule = Pick<RuleDraft, 'grant' | 'deny'>;
type Draft = { readonly level: PermissionDefaults['level'] } & { readonly [Level in RuledLevel]: Rule };

const EVERYBODY = ['disabled', 'limited', 'full'] as const;

function fromDefaults({ level, levels, version }: PermissionDefaults) {
  const rule = (wanted: RuledLevel): Rule => {
    const { grant = [], deny = [] } = levels.find((one) => one.level === wanted) ?? {};
    return { grant, deny };
  };
  return { draft: { level, limited: rule('limited'), full: rule('full'), manager: rule('manager') }, version };
}

export interface DefaultsPanelProps {
  readonly defaults: PermissionDefaults;
  readonly onSaved: (defaults: PermissionDefaults) => void;
  readonly onClose: () => void;
}

export function DefaultsPanel({ defaults, onSaved, onClose }: DefaultsPanelProps) {
  const { t } = useTranslation();
  const { api, notices } = useServices();
  const { editor, state } = useRecord<Draft>(
    {
      ...fromDefaults(defaults),
      async save(draft, version) {
        const levels = RULED_LEVELS.map((level) => ({
          level,
          grant: [...draft[level].grant],
          deny: [...draft[level].deny],
        })).filter(({ grant, deny }) => grant.length + deny.length > 0);
        const saved = await api.call('adminPermissionDefaults', { level: draft.level, levels, version: version ?? 0 });
        const done = () => {
          notices.show({ kind: 'success', text: t('list.saved', { name: t('permissions.everybody') }) });
          onSaved(saved);
        };
        return { ...fromDefaults(saved), done };
      },
      reread: async () => fromDefaults((await api.call('adminPermissions', {})).defaults),
      problems: () => ({}),
    },
    t('list.refused'),
  );
  const { draft } = state;
  const levelName = (level: RuledLevel) => t('permissions.ofLevel', { level: t(`permissions.levels.${level}`) });
  return (
    <EditorPanel
      title={t('permissions.everybody')}
      editor={editor}
      labels={{
        level: t('permissions.everybodyLevel'),
        limited: levelName('limited'),
        full: levelName('full'),
        manager: levelName('manager'),
      }}
      onClose={onClose}
    >
      <SelectField
        label={t('permissions.everybodyLevel')}
        help={t(`permissions.levelHelp.${draft.level}`)}
        value={draft.level}
        options={EVERYBODY.map((level) => ({ value: level, label: t(`permissions.levels.${level}`) }))}
        onChange={(value) => editor.edit({ level: EVERYBODY.find((level) => level === value) ?? 'full' })}
      />
      {RULED_LEVELS.map((level) => (
        <details key={level} className="says-of-level">
          <summary>
            {levelName(level)}{' '}
            {draft[level].grant.length + draft[level].deny.length > 0 ? (
              <span className="chip chip-warn">{draft[level].grant.length + draft[level].deny.length}</span>
            ) : null}
          </summary>
          <Says rule={draft[level]} name={level} onChange={(rule) => editor.edit({ [level]: rule })} />
        </details>
      ))}
    </EditorPanel>
  );
}
