import { render, screen } from '@testing-library/react';
import { I18nextProvider } from 'react-i18next';
import { expect, it } from 'vitest';
import { CasementError } from '../../contract/errors.ts';
import { createI18n } from '../app/i18n.ts';
import { Failure } from './Failure.tsx';

async function shown(error: CasementError): Promise<string> {
  const view = render(
    <I18nextProvider i18n={await createI18n('de')}>
      <Failure failure={error.toJSON()} />
    </I18nextProvider>,
  );
  const text = screen.getByRole('alert').textContent ?? '';
  view.unmount();
  return text;
}

it('is a sentence in one’s own language, with what it was about', async () => {
  const failed = await shown(
    new CasementError('schedule-failed', { details: { output: 'no such queue', exitCode: 3 } }),
  );
  expect(failed).toBe('Der Befehl, der diese Sitzung einplant, ist fehlgeschlagen.no such queue');
  expect(await shown(new CasementError('scheduler-unknown', { details: { scheduler: 'lsf' } }))).toContain('lsf');
});

it('is what a rule of the site says, word for word, where it says anything', async () => {
  expect(await shown(new CasementError('start-refused', { message: 'No rm here.' }))).toBe('No rm here.');
  expect(await shown(new CasementError('start-refused'))).toBe(
    'Eine Regel dieses Standorts lässt diesen Start nicht zu.',
  );
});

it('says once what its sentence names already', async () => {
  const message = 'There is no licence for “held”.';
  expect(await shown(new CasementError('start-refused', { message, details: { profile: 'held' } }))).toBe(message);
  expect(await shown(new CasementError('profile-unknown', { details: { profile: 'held' } }))).toBe(
    'Das Profil für diesen Start gibt es nicht.held',
  );
});
