/** How to come by a login link, for the server that one person runs for themselves. */
import { useTranslation } from 'react-i18next';

export function LocalLogin() {
  const { t } = useTranslation();
  return (
    <section className="login-how" aria-label={t('login.how')}>
      <p>{t('login.explain')}</p>
      <ol>
        <li>{t('login.step1')}</li>
        <li>{t('login.step2')}</li>
        <li>{t('login.step3')}</li>
      </ol>
      <pre className="log-tail">npm start</pre>
      <p className="muted">{t('login.once')}</p>
    </section>
  );
}
