import { useTranslation } from 'react-i18next';

/** An event in words; one that this page does not know is shown as it is. */
export function useEventName(): (event: string) => string {
  const { t, i18n } = useTranslation();
  return (event) => (i18n.exists(`audit.events.${event}`) ? t(`audit.events.${event}`) : event);
}
