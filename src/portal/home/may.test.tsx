/** What a person may not do is nowhere to be clicked: on cards, in menus and in dialogs. */
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { createHandlers, World } from '../../../mocks/handlers/index.ts';
import type { Action } from '../../contract/permissions.ts';
import { renderPortal, type Portal } from '../test-support/render-portal.tsx';

let portal: (Portal & { readonly world: World }) | undefined;
afterEach(() => {
  portal?.close();
  portal = undefined;
});

/** One session that runs, one that has ended, one that has failed, and one that waits for a scheduler. */
async function open(...denied: Action[]) {
  const world = new World({ stepMs: 1 });
  for (const action of denied) world.denied.add(action);
  const add = (name: string, change: object, params: Record<string, string> = {}) =>
    world.add({ command: 'xterm -ls', geometry: '800x600', name, params: { project: 'alloy', ...params } }, change).id;
  const soon = { at: Date.now() + 60_000, reason: 'run-time-over', extendable: true };
  const client = { id: 'c', login: 'ada', role: 'master', connected: 1 };
  add('Runs', { status: 'running', display: 101, deadline: soon, clients: [client] });
  add('Ended', { status: 'ended', ended: Date.now(), exitCode: 0 });
  add('Marked', { status: 'ended', ended: Date.now(), exitCode: 0 }, { bookmarkId: 'terminal' });
  const failed = add('Failed', { status: 'failed', ended: Date.now() });
  world.logs.set(failed, 'segmentation fault');
  const job = { scheduler: 'slurm', id: '7', state: 'pending', reason: null, estimatedStart: null };
  add('Waits', { status: 'pending', job });
  portal = { ...(await renderPortal({ handlers: createHandlers(world) })), world };
  await screen.findByRole('article', { name: 'Runs' });
  return portal;
}

const card = (name: string) => screen.getByRole('article', { name });

/** The names of everything on a card that can be used, its menu included. */
async function usable(name: string): Promise<string[]> {
  const of = card(name);
  const menu = within(of).queryByRole('button', { name: `More for ${name}` });
  if (menu) await portal?.user.click(menu);
  const found = ['button', 'link', 'menuitem'].flatMap((role) => within(of).queryAllByRole(role));
  const names = found
    .filter((one) => one !== menu)
    .map((one) => one.getAttribute('aria-label') ?? one.textContent ?? '');
  if (menu) await portal?.user.click(menu);
  return names.map((one) => one.trim());
}

describe('a card', () => {
  it('has everything for somebody who may do everything', async () => {
    await open();
    expect(await usable('Runs')).toEqual([
      'Extend the time of Runs',
      'Change project',
      'Delete project',
      'Add a parameter',
      'Connect to Runs',
      'Open Runs in a tab of its own',
      'Log',
      'Save as bookmark',
      'Disconnect viewers',
      'End session',
    ]);
    expect(await usable('Ended')).toEqual([
      'Start again',
      'Remove',
      'Log',
      'Save as bookmark',
      'Change and start again …',
    ]);
    expect(await usable('Waits')).toContain('Cancel the job');
    await within(card('Failed')).findByText('segmentation fault');
  });

  it.each<[Action, string, RegExp]>([
    ['connect', 'Runs', /^(Connect|Open|Extend)/],
    ['disconnect', 'Runs', /^Disconnect/],
    ['terminate', 'Runs', /^End session/],
    ['terminate', 'Waits', /^Cancel the job/],
    ['purge', 'Ended', /^Remove/],
    ['params', 'Runs', /project|parameter/],
    ['log', 'Runs', /^Log/],
    ['bookmarks-own', 'Ended', /bookmark/],
    ['start', 'Ended', /start again/i],
    ['start-command', 'Ended', /start again/i],
    ['start-command', 'Marked', /^Change and start/],
  ])('has nothing of %s for somebody who lacks it (%s)', async (action, name, gone) => {
    await open();
    const before = await usable(name);
    expect(before.filter((one) => gone.test(one))).not.toEqual([]);
    portal?.close();
    await open(action);
    expect(await usable(name)).toEqual(before.filter((one) => !gone.test(one)));
  });

  it('starts a bookmark again also for somebody who may start nothing else, and shows no log to who may not see it', async () => {
    await open('start-command', 'log');
    expect(await usable('Marked')).toContain('Start again');
    expect(within(card('Failed')).queryByText('segmentation fault')).toBeNull();
  });

  it('has no menu where nothing is left for it', async () => {
    await open('log', 'bookmarks-own', 'disconnect', 'terminate');
    expect(within(card('Runs')).queryByRole('button', { name: /^More/ })).toBeNull();
  });

  it('keeps what was started as a bookmark, with its answers', async () => {
    const { user, world } = await open();
    await user.click(within(card('Ended')).getByRole('button', { name: 'More for Ended' }));
    await user.click(screen.getByRole('menuitem', { name: 'Save as bookmark' }));
    const dialog = await screen.findByRole('dialog', { name: 'Save as bookmark' });
    const field = within(dialog).getByRole('textbox', { name: 'Name' });
    expect(field).toHaveProperty('value', 'Ended');
    await user.clear(field);
    await user.type(field, 'Alloy');
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const [made] = world.bookmarks.list({ login: world.me, groups: [], isAdmin: false }, { kind: 'own' }).bookmarks;
    expect(made).toMatchObject({ name: 'Alloy', command: 'xterm -ls', params: { project: 'alloy' }, forms: [] });
    expect(made?.params).toEqual({ project: 'alloy' });
  });
});

describe('starting', () => {
  it('is offered nowhere to somebody who may not', async () => {
    const { world } = await open('start');
    expect(screen.queryByRole('button', { name: /^start/i })).toBeNull();
    for (const { id, ended } of world.sessions.values()) {
      if (ended === null) world.end(id, 'ended', {});
      world.purge(id);
    }
    await screen.findByText(/You may not start sessions here/);
    expect(screen.queryByRole('button', { name: /^start/i })).toBeNull();
  });

  it('is from bookmarks alone for somebody who may start no commands', async () => {
    const { user } = await open('start-command', 'bookmarks-own');
    await user.click(screen.getByRole('button', { name: 'Start' }));
    const dialog = await screen.findByRole('dialog');
    expect((await within(dialog).findAllByRole('radio')).length).toBeGreaterThan(1);
    expect(within(dialog).queryByRole('radio', { name: /own command/i })).toBeNull();
    expect(within(dialog).queryByRole('textbox', { name: /command/i })).toBeNull();
    expect(within(dialog).queryByRole('button', { name: /bookmark/i })).toBeNull();
  });

  it('says that there is nothing yet to somebody who may start bookmarks only, and looks again', async () => {
    const { user, world } = await open('start-command', 'bookmarks-own');
    const admin = { login: world.me, groups: [], isAdmin: true };
    const { bookmarks } = world.bookmarks.list(admin, {});
    for (const { id } of bookmarks) world.bookmarks.hide(admin, id, true);
    await user.click(screen.getByRole('button', { name: 'Start' }));
    const dialog = await screen.findByRole('dialog');
    await within(dialog).findByText(/Ask an administrator for a bookmark/);
    expect(within(dialog).queryByRole('combobox')).toBeNull();
    expect(within(dialog).getByRole('button', { name: 'Start' })).toHaveProperty('disabled', true);
    const [first] = bookmarks;
    world.bookmarks.hide(admin, first?.id ?? '', false);
    await user.click(within(dialog).getByRole('button', { name: 'Look again' }));
    await within(dialog).findByRole('radio', { name: first?.name ?? '' });
    expect(within(dialog).getByRole('button', { name: 'Start' })).toHaveProperty('disabled', false);
  });
});
