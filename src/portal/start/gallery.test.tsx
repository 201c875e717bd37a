/** The bookmarks of the Start dialog: found, starred, chosen by keyboard, deleted and taken back. */
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHandlers, World } from '../../../mocks/handlers/index.ts';
import { NewBookmark } from '../../contract/bookmark.ts';
import { renderPortal, type Portal } from '../test-support/render-portal.tsx';

let world: World;
let portal: Portal | undefined;
beforeEach(() => {
  world = new World({ stepMs: 1 });
});
afterEach(() => {
  portal?.close();
  portal = undefined;
});

const person = () => ({ login: world.me, groups: [], isAdmin: true });
const add = (name: string, more: object = {}) =>
  world.bookmarks.create(person(), NewBookmark.parse({ name, command: name.toLowerCase(), ...more }));

async function open() {
  portal = await renderPortal({ handlers: createHandlers(world) });
  await screen.findByText('No session yet');
  await portal.user.click(screen.getByRole('button', { name: 'Start a session' }));
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByRole('radio', { name: 'Terminal' });
  const { user } = portal;
  // By role, each look would cost seconds in jsdom.
  const tiles = () =>
    [...dialog.querySelectorAll<HTMLInputElement>('.tiles input[type=radio]')]
      .filter(({ value }) => value !== '')
      .map((one) => one.closest('label')?.textContent?.trim() ?? '');
  const search = () => within(dialog).getByRole('searchbox', { name: /search/i });
  return { dialog, user, tiles, search };
}

it('shows the favourites first, in an order of one’s own', async () => {
  for (const name of ['Zeta', 'Yard', 'Alpha']) add(name);
  const { dialog, user, tiles } = await open();
  const star = async (name: string) => {
    await user.click(within(dialog).getByRole('radio', { name }));
    await user.click(within(dialog).getByRole('button', { name: 'Favourite' }));
    await waitFor(() => expect(within(dialog).getByRole('button', { name: 'Favourite', pressed: true })).toBeTruthy());
  };
  await star('Zeta');
  await waitFor(() => expect(tiles()[0]).toBe('Zeta'));
  await star('Yard');
  await waitFor(() => expect(tiles().slice(0, 2)).toEqual(['Zeta', 'Yard']));
  await user.click(within(dialog).getByRole('button', { name: 'Move forward among the favourites' }));
  await waitFor(() => expect(tiles().slice(0, 2)).toEqual(['Yard', 'Zeta']));
  await user.click(within(dialog).getByRole('button', { name: 'Favourites' }));
  await waitFor(() => expect(tiles()).toEqual(['Yard', 'Zeta']));
});

it('finds by name, command and tag, says how many, and Enter chooses the first and starts nothing', async () => {
  for (let n = 0; n < 8; n++) add(`Solver ${n}`, { tags: n % 2 ? ['odd'] : ['even'] });
  add('Plotter', { command: 'gnuplot', tags: ['odd'] });
  const { dialog, user, tiles, search } = await open();
  await user.type(search(), 'solver ODD');
  await waitFor(() => expect(tiles()).toEqual(['Solver 1', 'Solver 3', 'Solver 5', 'Solver 7']));
  await within(dialog).findByText('4 bookmarks found');
  await user.keyboard('{Enter}');
  expect(within(dialog).getByRole('radio', { name: 'Solver 1' })).toHaveProperty('checked', true);
  expect(world.sessions.size).toBe(0);
  await user.clear(search());
  await user.type(search(), 'gnuplot');
  await waitFor(() => expect(tiles()).toEqual(['Plotter']));
  await user.clear(search());
  await user.type(search(), 'no such thing');
  await within(dialog).findByText('0 bookmarks found');
  await user.clear(search());
  await user.click(within(dialog).getByRole('button', { name: 'odd' }));
  await waitFor(() => expect(tiles()).toHaveLength(5));
});

it('has what is one’s own deleted and taken back', async () => {
  const { id } = add('Mine');
  const { dialog, user, tiles } = await open();
  await user.click(within(dialog).getByRole('radio', { name: 'Mine' }));
  await user.click(within(dialog).getByRole('button', { name: 'Delete this bookmark' }));
  await waitFor(() => expect(tiles()).not.toContain('Mine'));
  expect(world.bookmarks.byId(id)).toBeUndefined();
  await user.click(await screen.findByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(tiles()).toContain('Mine'));
});

it('starts the bookmark that was chosen, with its parameters', async () => {
  const { id } = add('Solver', { command: 'xterm', params: { cores: 4 } });
  const { dialog, user } = await open();
  await user.click(within(dialog).getByRole('radio', { name: 'Solver' }));
  await user.click(within(dialog).getByRole('button', { name: 'Start' }));
  await waitFor(() => expect(world.sessions.size).toBe(1));
  const [session] = world.sessions.values();
  expect(session).toMatchObject({ name: 'Solver', command: 'xterm', params: { cores: 4, bookmarkId: id } });
});

it('forms that were chosen stay chosen when what there is to choose from is read again', async () => {
  const { dialog, user } = await open();
  await user.click(within(dialog).getByRole('radio', { name: 'Own command' }));
  await user.type(within(dialog).getByLabelText('Command'), 'solve');
  await user.click(within(dialog).getByText('Questions to answer first'));
  const boxes = within(dialog).getAllByRole<HTMLInputElement>('checkbox');
  const [first] = boxes;
  if (!first) throw new Error('there are no forms');
  const before = first.checked;
  await user.click(first);
  await user.click(within(dialog).getByRole('button', { name: 'Save as bookmark' }));
  const saving = (await screen.findAllByRole('dialog')).at(-1);
  if (!saving) throw new Error('no dialog');
  await user.click(within(saving).getByRole('button', { name: 'Save' }));
  await within(dialog).findByRole('radio', { name: 'solve' });
  expect(first.checked).toBe(!before);
});
