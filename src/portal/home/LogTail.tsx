/** The last lines of a failed session's log, on its card. Plain text, whatever the session printed. */
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-may.ts';
import { useLog } from './use-log.ts';

const BYTES = 4096;
const LINES = 8;

export function LogTail({ id }: { readonly id: string }) {
  const may = useMay();
  return may('log') ? <Tail id={id} /> : null;
}

function Tail({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const { log } = useLog(id, BYTES);
  // A log that cannot be read is no second failure: the card has the reason already.
  if (log.at !== 'read' || log.log.trim() === '') return null;
  return (
    // What scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className="log-tail" tabIndex={0} aria-label={t('log.tail')}>
      {log.log.trimEnd().split('\n').slice(-LINES).join('\n')}
    </pre>
  );
}
