/** Instead of an editor: its text is on the way, or did not arrive. */
import { useTranslation } from 'react-i18next';
import type { ApiFailure } from '../../../api/failure.ts';
import { Failure } from '../../parts/Failure.tsx';

export interface NotLoadedProps {
  readonly failure: ApiFailure | undefined;
  readonly onRetry: () => void;
}

export function NotLoaded({ failure, onRetry }: NotLoadedProps) {
  const { t } = useTranslation();
  return (
    <main className="home">
      {failure ? <Failure failure={failure} onRetry={onRetry} /> : <p className="muted">{t('loading')}</p>}
    </main>
  );
}
