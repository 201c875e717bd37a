/** Two forms in a row give exactly the parameters that their types promise, and going back loses nothing. */
import { expect, test } from '@playwright/test';
import { connected, logIn, onlySession, viewerIn } from './support/pages.ts';
import { TestServer } from './support/server.ts';

let server: TestServer;
test.beforeAll(async () => {
  server = await TestServer.start();
});
test.afterAll(() => server.stop());

test('two forms, back and forth, end in exactly the typed parameters', async ({ page }) => {
  await logIn(page, server);
  await page
    .getByRole('button', { name: /^Start( a session)?$/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Terminal' }).check({ force: true });
  await dialog.getByText('Questions to answer first').click();
  await dialog.getByRole('checkbox', { name: 'Resources' }).check();
  await dialog.getByRole('checkbox', { name: 'Project' }).check();
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();

  await dialog.getByRole('textbox', { name: 'Project' }).fill('<b>wing</b> 12');
  await dialog.getByLabel('Priority').selectOption('high');
  await dialog.getByLabel('Options, as JSON').fill('{"mesh": [1, 2.5');
  await dialog.getByRole('button', { name: 'Next' }).click();
  // No JSON yet: it says so at the field, and nothing is lost.
  await expect(dialog.getByLabel('Options, as JSON')).toBeFocused();
  await expect(dialog.getByLabel('Options, as JSON')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Options, as JSON').fill('{"mesh": [1, 2.5], "dry": false}');
  await dialog.getByRole('button', { name: 'Next' }).click();

  await dialog.getByLabel('Memory').selectOption('16');
  await dialog.getByLabel('With a graphics card').check();
  await dialog.getByRole('button', { name: 'Back' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Project' })).toHaveValue('<b>wing</b> 12');
  await expect(dialog.getByLabel('Priority')).toHaveValue('high');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await expect(dialog.getByLabel('Memory')).toHaveValue('16');
  await expect(dialog.getByLabel('With a graphics card')).toBeChecked();
  await dialog.getByLabel('Cores').fill('999');
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(dialog.getByLabel('Cores')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Cores').fill('8');
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();

  await connected(viewerIn(page));
  const { params } = await onlySession(server);
  const written = ['name', 'icon', 'bookmarkId', 'clientVersion', 'clientId', 'clientIP', 'clientTransport'];
  const answers = Object.fromEntries(Object.entries(params).filter(([name]) => !written.includes(name)));
  expect(answers).toEqual({
    memory: 16,
    cores: 8,
    gpu: true,
    project: '<b>wing</b> 12',
    priority: 'high',
    options: { mesh: [1, 2.5], dry: false },
  });
});

test('the server overwrites reserved names and refuses forbidden ones, whatever is sent', async () => {
  const { session } = await server.api<{ session: { id: string; params: Record<string, unknown> } }>(
    'POST',
    '/api/start',
    {
      command: 'xterm',
      geometry: '800x600',
      name: 'Mine',
      params: { name: 'forged', clientIP: '8.8.8.8', clientTransport: 'SSH', kept: [1] },
    },
  );
  expect(session.params).toMatchObject({ name: 'Mine', kept: [1], clientTransport: 'Web' });
  expect(session.params['clientIP']).not.toBe('8.8.8.8');
  await expect(
    server.api('POST', '/api/start', {
      command: 'xterm',
      geometry: '800x600',
      params: JSON.parse('{"constructor":1}'),
    }),
  ).rejects.toThrow('param-name');
});
