/** Two people at one computer, one after the other, without the page being loaded again. */
import { act, screen } from '@testing-library/react';
import { http } from 'msw';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHandlers, World } from '../../../mocks/handlers/index.ts';
import type { Me } from '../../contract/api.ts';
import { renderPortal, type Portal } from '../test-support/render-portal.tsx';

let portal: Portal;
let world: World;
beforeEach(async () => {
  world = new World({ stepMs: 1 });
  portal = await renderPortal({ handlers: createHandlers(world) });
  await screen.findByText('No session yet');
});
afterEach(() => portal.close());

const me = () => {
  const { account } = portal.services.account.store.getState();
  if (account.at !== 'in') throw new Error('nobody is logged in');
  return account.me;
};
function change(from: Me, login: string): void {
  const { store } = portal.services.account;
  act(() => store.setState({ account: { at: 'out', ended: true } }));
  act(() => store.setState({ account: { at: 'in', me: { ...from, login } } }));
}

it('the next one sees nothing of what the one before began, and the same one all of it', async () => {
  const { starts, notices } = portal.services;
  const first = me();
  portal.server.use(http.post('*/api/start', () => new Promise(() => {})));
  act(() => void starts.begin('Secret work', { command: 'xterm', geometry: '800x600' }));
  act(() => void notices.show({ kind: 'error', text: 'of theirs' }));

  change(first, first.login);
  expect([starts.store.getState().starts.length, notices.store.getState().notices.length]).toEqual([1, 1]);
  change(first, 'somebody-else');
  expect([starts.store.getState().starts, notices.store.getState().notices]).toEqual([[], []]);
  expect(screen.queryByText('Secret work')).toBeNull();
});

it('the next one is not shown what the one before could start', async () => {
  await portal.user.click(await screen.findByRole('button', { name: 'Start a session' }));
  await screen.findByText('Simulation');
  await portal.user.keyboard('{Escape}');
  const first = me();
  change(first, 'somebody-else');
  portal.server.use(http.get('*/api/bookmarks', () => new Promise(() => {})));
  await screen.findByText('No session yet');
  await portal.user.click(await screen.findByRole('button', { name: 'Start a session' }));
  await screen.findByRole('dialog');
  expect(screen.queryByText('Simulation')).toBeNull();
});
