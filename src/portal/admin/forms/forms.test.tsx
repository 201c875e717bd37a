import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { createHandlers, World } from '../../../../mocks/handlers/index.ts';
import '../../test-support/layout-in-jsdom.ts';
import { renderPortal, type Portal } from '../../test-support/render-portal.tsx';

let portal: Portal | undefined;
afterEach(() => {
  portal?.close();
  portal = undefined;
});

async function open(path: string, level: World['level'] = 'admin', locale = 'en') {
  const world = new World({ stepMs: 1 });
  world.level = level;
  portal = await renderPortal({ path, locale, handlers: createHandlers(world) });
  return { world, user: portal.user };
}

const row = async (name: string) => {
  const item = (await screen.findByRole('link', { name })).closest('li');
  if (!item) throw new Error(`no row of ${name}`);
  return item;
};

it('is for administrators, and says so to others', async () => {
  await open('/system/sessions/forms', 'full');
  await screen.findByText('You are not allowed to do this.');
  expect(screen.queryByRole('link', { name: 'Forms' })).toBeNull();
});

it('lists forms, duplicates one, and deletes it after being asked', async () => {
  const { user, world } = await open('/system/sessions/forms');
  await user.click(within(await row('Project')).getByRole('button', { name: 'More for Project' }));
  await user.click(screen.getByRole('menuitem', { name: 'Duplicate' }));
  await screen.findByDisplayValue('Project (copy)');
  expect(world.forms.read('project-copy')).toMatchObject({ draft: true, published: null });
  await user.click(screen.getByRole('link', { name: 'All forms' }));
  const copy = await row('Project (copy)');
  expect(within(copy).getByText('Draft')).toBeTruthy();
  await user.click(within(copy).getByRole('button', { name: 'More for Project (copy)' }));
  await user.click(screen.getByRole('menuitem', { name: 'Delete' }));
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(screen.queryByRole('link', { name: 'Project (copy)' })).toBeNull());
});

it('imports a file, with its name, as a draft', async () => {
  const { user, world } = await open('/system/sessions/forms');
  await row('Project');
  const file = new File(['<label>A <input name="a"></label>'], 'my nodes.html', { type: 'text/html' });
  await user.upload(screen.getByLabelText('Import …', { selector: 'input' }), file);
  await screen.findByDisplayValue('my nodes');
  expect(world.forms.read('my-nodes')).toMatchObject({ html: '<label>A <input name="a"></label>', published: null });
});

it('orders the default forms by keys, and takes back an order that somebody else changed meanwhile', async () => {
  const { user, world } = await open('/system/sessions/forms');
  const add = () => screen.findByLabelText('Add a form …');
  await user.selectOptions(await add(), 'resources');
  await user.selectOptions(await add(), 'project');
  await waitFor(() => expect(world.forms.defaults()).toEqual(['resources', 'project']));
  screen.getByRole('button', { name: /^Move Project/ }).focus();
  await user.keyboard('{ArrowUp}');
  await waitFor(() => expect(world.forms.defaults()).toEqual(['project', 'resources']));
  expect(screen.getByText('Project is now 1 of 2.')).toBeTruthy();
  world.forms.setDefaults(['project', 'resources'], ['resources']);
  await user.keyboard('{ArrowDown}');
  await screen.findByText('Somebody else has saved this in the meantime.');
  await waitFor(() => expect(screen.queryByRole('button', { name: /^Move Project/ })).toBeNull());
});

it('edits in the designer, saves a draft and publishes it', async () => {
  const { user, world } = await open('/system/sessions/forms/project');
  await user.click(await screen.findByRole('radio', { name: 'Designer' }));
  const label = await screen.findByLabelText('Label');
  await user.clear(label);
  await user.type(label, 'Which project{Enter}');
  await screen.findByText('Not saved');
  await user.click(screen.getByRole('button', { name: 'Save draft' }));
  await screen.findByText('The draft is saved.');
  expect(world.forms.read('project')).toMatchObject({ draft: true, published: 1 });
  expect(world.forms.published('project')?.html).toContain('>Project<');
  await user.click(screen.getByRole('button', { name: 'Publish' }));
  await screen.findByText('Version 2 is published.');
  expect(world.forms.published('project')?.fields[0]?.label).toBe('Which project');
});

it('shows a conflict instead of overwriting, and keeps what was typed', async () => {
  const { user, world } = await open('/system/sessions/forms/project');
  const name = await screen.findByDisplayValue('Project');
  world.forms.save('project', { name: 'Theirs', html: '<p>theirs</p>', revision: 1 }, 'bob');
  await user.type(name, ' of mine');
  await user.click(screen.getByRole('button', { name: 'Save draft' }));
  const dialog = await screen.findByRole('dialog', { name: 'Somebody else has saved this form' });
  expect(within(dialog).getByText(/^bob saved it/)).toBeTruthy();
  await user.click(within(dialog).getByRole('button', { name: 'Go on with mine' }));
  expect(screen.getByDisplayValue('Project of mine')).toBeTruthy();
  expect(world.forms.read('project').name).toBe('Theirs');
  await user.click(screen.getByRole('button', { name: 'Save draft' }));
  await waitFor(() => expect(world.forms.read('project')).toMatchObject({ name: 'Project of mine', revision: 3 }));
});

it('asks before what is not saved is left', async () => {
  const { user } = await open('/system/sessions/forms/project');
  await user.type(await screen.findByDisplayValue('Project'), '!');
  await user.click(screen.getByRole('link', { name: 'All forms' }));
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Cancel' }));
  expect(screen.getByDisplayValue('Project!')).toBeTruthy();
  await user.click(screen.getByRole('link', { name: 'All forms' }));
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Leave' }));
  await screen.findByRole('heading', { name: 'Start forms' });
});

it('speaks German, remarks included', async () => {
  const { world } = await open('/system/sessions/forms', 'admin', 'de');
  await screen.findByRole('heading', { name: 'Startformulare' });
  world.forms.create('Leer', '<input>');
  portal?.close();
  portal = await renderPortal({
    path: '/system/sessions/forms/leer',
    locale: 'de',
    handlers: createHandlers(world),
  });
  await screen.findByText('Dieses input hat keinen Namen, daher wird sein Wert nicht gesendet.');
});

it('puts options into another order by buttons and keys, and stays with the one that moves', async () => {
  const html =
    '<label>Size <select name="size"><option>S</option><option>M</option><option>L</option></select></label>';
  const world = new World({ stepMs: 1 });
  world.level = 'admin';
  world.forms.create('Sizes', html);
  portal = await renderPortal({ path: '/system/sessions/forms/sizes', handlers: createHandlers(world) });
  const { user } = portal;
  await user.click(await screen.findByRole('radio', { name: 'Designer' }));
  const words = () => screen.getAllByLabelText<HTMLInputElement>(/^Words of option/).map(({ value }) => value);
  await user.click(await screen.findByRole('button', { name: 'Move S down' }));
  expect(words()).toEqual(['M', 'S', 'L']);
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Move S down' }));
  await user.keyboard('{Enter}');
  expect(words()).toEqual(['M', 'L', 'S']);
  // No further down: the focus stays in its row.
  expect(document.activeElement).toBe(screen.getByLabelText('Words of option 3'));
  expect(screen.getByText('S is now 3 of 3.')).toBeTruthy();
  await user.keyboard('{Alt>}{ArrowUp}{/Alt}');
  expect(words()).toEqual(['M', 'S', 'L']);
  expect(document.activeElement).toBe(screen.getByLabelText('Words of option 2'));
  // Half a word is not carried along.
  await user.type(screen.getByLabelText('Words of option 2'), 'mall{Alt>}{ArrowUp}{/Alt}');
  expect(words()).toEqual(['M', 'Small', 'L']);
  expect(screen.queryByText('Small is now 1 of 3.')).toBeNull();
  await user.keyboard('{Enter}{Alt>}{ArrowUp}{/Alt}');
  expect(words()).toEqual(['Small', 'M', 'L']);
});
