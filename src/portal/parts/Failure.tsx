/** A failure as a person reads it: what happened, what it was about, and the reference for the administrator. */
import { useTranslation } from 'react-i18next';
import type { ApiFailure } from '../../api/failure.ts';
import { type ApiError, ERRORS } from '../../contract/errors.ts';
import { Icon } from './Icon.tsx';

/** What a rule of the site says is nobody's to translate. */
function isOwnSentence(code: string, message: string): boolean {
  return code === 'start-refused' && message !== ERRORS[code].message;
}

/** The sentence in the person's language where we have one, else the server's own. */
export function useFailureText(): (failure: Pick<ApiFailure, 'code' | 'message'> | ApiError) => string {
  const { t, i18n } = useTranslation();
  return (failure) => {
    const code = 'code' in failure ? failure.code : failure.name;
    const translated = i18n.exists(`errors.${code}`) && !isOwnSentence(code, failure.message);
    return translated ? t(`errors.${code}`) : failure.message;
  };
}

/** Details that are plain enough to be shown. */
function plainDetails(details: unknown): string | undefined {
  if (typeof details === 'string') return details;
  if (typeof details !== 'object' || details === null) return undefined;
  const members = new Map<string, unknown>(Object.entries(details));
  return ['output', 'message', 'reason', 'hostname', 'profile', 'scheduler', 'form', 'field', 'command']
    .map((name) => members.get(name))
    .find((value): value is string => typeof value === 'string' && value !== '');
}

export interface FailureProps {
  readonly failure: ApiFailure | ApiError;
  readonly onRetry?: (() => void) | undefined;
}

export function Failure({ failure, onRetry }: FailureProps) {
  const { t } = useTranslation();
  const text = useFailureText();
  const sentence = text(failure);
  const details = plainDetails(failure.details);
  return (
    <div className="failure" role="alert">
      <Icon name="alert" />
      <div>
        <p>{sentence}</p>
        {details === undefined || details === failure.message || sentence.includes(details) ? null : (
          <p className="failure-details">{details}</p>
        )}
        {failure.ref === undefined ? null : <p className="failure-ref">{t('reference', { ref: failure.ref })}</p>}
        {onRetry ? (
          <button type="button" className="btn btn-sm btn-quiet" onClick={onRetry}>
            <Icon name="restart" size={16} /> {t('retry')}
          </button>
        ) : null}
      </div>
    </div>
  );
}
