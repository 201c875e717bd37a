/** The head of a page of the administration, and the list with the panel beside it. */
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import './list.css';

export interface AdminPageProps {
  readonly heading: string;
  readonly intro: string;
  /** Buttons at the end of the head. */
  readonly buttons?: ReactNode;
  readonly children: ReactNode;
}

export function AdminPage({ heading, intro, buttons, children }: AdminPageProps) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = t('forms.editTitle', { name: heading });
  }, [heading, t]);
  return (
    <main className="home admin-page">
      <div className="home-head">
        <h1>{heading}</h1>
        {buttons}
      </div>
      <p className="admin-intro">{intro}</p>
      {children}
    </main>
  );
}
