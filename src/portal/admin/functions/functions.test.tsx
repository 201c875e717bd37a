import { screen, waitFor, within } from '@testing-library/react';
import { http } from 'msw';
import { afterEach, expect, it } from 'vitest';
import { createHandlers, World } from '../../../../mocks/handlers/index.ts';
import '../../test-support/layout-in-jsdom.ts';
import { renderPortal, type Portal } from '../../test-support/render-portal.tsx';

let portal: Portal | undefined;
afterEach(() => {
  portal?.close();
  portal = undefined;
});

async function open(path: string, world = new World({ stepMs: 1 }), locale = 'en') {
  world.level = 'admin';
  portal = await renderPortal({ path, locale, handlers: createHandlers(world) });
  return { world, user: portal.user };
}

const js = (text: string) => ({ kind: 'javascript', text }) as const;
const input = async () => screen.findByLabelText<HTMLTextAreaElement>('Input as JSON');

it('lists the six in the order in which they are asked, with what decides', async () => {
  const world = new World({ stepMs: 1 });
  await world.functions.save('schedule', js('() => null'), 0);
  await world.functions.publish('schedule', 1);
  await world.functions.save('form-filter', js('() => null'), 0);
  await open('/system/functions', world);
  const rows = within(await screen.findByRole('main')).findAllByRole('listitem');
  const texts = (await rows).map((row) => row.textContent);
  expect(texts).toHaveLength(6);
  expect(texts[0]).toMatch(/^Form filter.*Built inDraft$/);
  expect(texts[2]).toMatch(/^Schedule.*Version 1$/);
  expect(texts[5]).toMatch(/^Load balancing.*Built in$/);
});

it('saves another built-in way, publishes it after asking, and goes back to what there was', async () => {
  const { user, world } = await open('/system/functions/load-balancing');
  await user.click(await screen.findByRole('radio', { name: 'The one with the most available memory' }));
  await screen.findByText('Not saved');
  await user.click(screen.getByRole('button', { name: 'Publish' }));
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Publish' }));
  await screen.findByText('Version 1 is published.');
  expect(await world.functions.read('load-balancing')).toMatchObject({
    published: 1,
    body: { kind: 'built-in', choice: 'most-memory' },
  });
  await user.click(screen.getByRole('button', { name: 'More for Load balancing' }));
  await user.click(screen.getByRole('menuitem', { name: 'Use the built-in way again' }));
  await user.click(
    within(await screen.findByRole('dialog')).getByRole('button', { name: 'Use the built-in way again' }),
  );
  await screen.findByText('The built-in way decides again.');
  expect(await world.functions.read('load-balancing')).toMatchObject({ published: null });
});

it('tries a text on the server, and says what a start would do with the result', async () => {
  const world = new World({ stepMs: 1 });
  await world.functions.save('form-filter', js('(i) => { log("for", i.user.login); return i.forms[0]; }'), 0);
  const { user } = await open('/system/functions/form-filter', world);
  await user.click(await screen.findByRole('button', { name: 'Run on the server' }));
  await screen.findByText('Asks the form Resources.');
  expect(screen.getByText('for ada')).toBeTruthy();
});

it('says on which line an own input is no JSON, and runs nothing', async () => {
  const { user } = await open('/system/functions/schedule');
  const field = await input();
  await user.clear(field);
  await user.click(field);
  await user.paste('{\n  "user": {},\n  "admin": nope\n}');
  expect(await screen.findByText('This is not JSON: look at line 3.')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Run on the server' })).toHaveProperty('disabled', true);
  expect(screen.getByRole('combobox', { name: 'Input' })).toHaveProperty('value', 'own');
});

it('offers the inputs of real starts', async () => {
  const world = new World({ stepMs: 1 });
  world.functions.record('schedule', { user: { login: 'eve' }, secret: '***' });
  const { user } = await open('/system/functions/schedule', world);
  const option = await screen.findByRole('option', { name: /, demo$/ });
  await user.selectOptions(screen.getByRole('combobox', { name: 'Input' }), option);
  await waitFor(async () => expect((await input()).value).toContain('"eve"'));
});

it('keeps what was typed of one kind while another is looked at', async () => {
  const { user } = await open('/system/functions/schedule');
  await user.click(await screen.findByRole('radio', { name: 'Program' }));
  const path = screen.getByLabelText('Program', { selector: 'input.form-control' });
  await user.type(path, 'opt/where');
  await user.click(screen.getByRole('radio', { name: 'Built in' }));
  await user.click(screen.getByRole('radio', { name: 'Program' }));
  expect(screen.getByLabelText('Program', { selector: 'input.form-control' })).toHaveProperty('value', '/opt/where');
  expect(screen.getByRole('button', { name: 'Run in this browser' })).toHaveProperty('disabled', true);
});

it('shows a conflict instead of overwriting', async () => {
  const { user, world } = await open('/system/functions/schedule');
  await user.click(await screen.findByRole('radio', { name: 'Program' }));
  await world.functions.save('schedule', js('() => null'), 0, 'bob');
  await user.click(screen.getByRole('button', { name: 'Save draft' }));
  const dialog = await screen.findByRole('dialog', { name: 'Somebody else has saved this function' });
  expect(within(dialog).getByText(/^bob saved it/)).toBeTruthy();
  await user.click(within(dialog).getByRole('button', { name: 'Take theirs' }));
  expect(screen.getByRole('radio', { name: 'JavaScript' })).toHaveProperty('checked', true);
  expect((await world.functions.read('schedule')).by).toBe('bob');
});

it('publishes nothing that cannot run, and says where it is wrong', async () => {
  const world = new World({ stepMs: 1 });
  await world.functions.save('schedule', js('(input) => {\n  return (;\n}'), 0);
  const { user } = await open('/system/functions/schedule', world);
  await screen.findByRole('button', { name: /^Line 2/ }, { timeout: 20_000 });
  await user.click(screen.getByRole('button', { name: 'Publish' }));
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Publish' }));
  await screen.findByText(/^It was not published\. A mistake in the syntax\./);
  expect(await world.functions.read('schedule')).toMatchObject({ published: null });
});

it('runs a saved draft as a shadow, and ends it', async () => {
  const world = new World({ stepMs: 1 });
  await world.functions.save('schedule', js('() => null'), 0);
  const { user } = await open('/system/functions/schedule', world);
  await user.click(await screen.findByRole('radio', { name: 'Shadow' }));
  await user.click(await screen.findByRole('button', { name: 'Run the saved draft as a shadow' }));
  await screen.findByText(/^Revision 1 runs beside it since/);
  await screen.findByText('Shadow running');
  await user.click(screen.getByRole('button', { name: 'Stop the shadow' }));
  await waitFor(() => expect(screen.queryByText('Shadow running')).toBeNull());
});

it('asks before what is not saved is left, and speaks German', async () => {
  const { user } = await open('/system/functions/schedule', undefined, 'de');
  await user.click(await screen.findByRole('radio', { name: 'Programm' }));
  await user.click(screen.getByRole('link', { name: 'Alle Funktionen' }));
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Verlassen' }));
  await screen.findByRole('heading', { name: 'Funktionen' });
});

it('an input of a real start that comes late takes the place of nothing that was typed meanwhile', async () => {
  const world = new World({ stepMs: 1 });
  world.functions.record('schedule', { user: { login: 'eve' } });
  const { user } = await open('/system/functions/schedule', world);
  const option = await screen.findByRole('option', { name: /, demo$/ });
  let answer = () => {};
  portal?.server.use(
    http.get('*/inputs/*', async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return undefined;
    }),
  );
  await user.selectOptions(screen.getByRole('combobox', { name: 'Input' }), option);
  const field = await input();
  await user.clear(field);
  await user.click(field);
  await user.paste('{"mine": true}');
  const answered = new Promise((resolve) => portal?.server.events.on('response:mocked', resolve));
  answer();
  await answered;
  await new Promise((resolve) => setTimeout(resolve));
  expect(field.value).toBe('{"mine": true}');
});
