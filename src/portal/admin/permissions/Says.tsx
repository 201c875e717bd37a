/** What is said about each single action: as the level has it, allowed, or taken away. */
import { useTranslation } from 'react-i18next';
import { SWITCHES } from '../../../contract/permissions.ts';
import { sayOf, withSay, type RuleDraft, type Say } from './rule.ts';

const SAYS: readonly Say[] = ['level', 'grant', 'deny'];

export interface SaysProps {
  readonly rule: Pick<RuleDraft, 'grant' | 'deny'>;
  /** Sets the names of the radio buttons apart when there are several on a page. */
  readonly name: string;
  readonly onChange: (rule: Pick<RuleDraft, 'grant' | 'deny'>) => void;
}

export function Says({ rule, name, onChange }: SaysProps) {
  const { t } = useTranslation();
  return (
    <table className="says">
      <thead>
        <tr>
          <th scope="col">{t('permissions.action')}</th>
          {SAYS.map((say) => (
            <th key={say} scope="col">
              {t(`permissions.says.${say}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {SWITCHES.map((action) => (
          <tr key={action}>
            <th scope="row">{t(`permissions.actions.${action}`)}</th>
            {SAYS.map((say) => (
              <td key={say}>
                <input
                  type="radio"
                  className="form-check-input"
                  name={`${name}-${action}`}
                  aria-label={`${t(`permissions.actions.${action}`)}: ${t(`permissions.says.${say}`)}`}
                  checked={sayOf(rule, action) === say}
                  onChange={() => {
                    const { grant, deny } = withSay(rule, action, say);
                    onChange({ grant, deny });
                  }}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
