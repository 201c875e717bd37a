import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { createHandlers, World } from '../../../../mocks/handlers/index.ts';
import { renderPortal, type Portal } from '../../test-support/render-portal.tsx';
import { pagesFor, SYSTEM_PAGES } from './pages.ts';

let portal: Portal | undefined;
afterEach(() => {
  portal?.close();
  portal = undefined;
});

async function open(path: string, level: World['level']) {
  const world = new World({ stepMs: 1 });
  world.level = level;
  portal = await renderPortal({ path, handlers: createHandlers(world) });
  return portal;
}

it('leads administrators from the top bar to the first page, beside the list of all', async () => {
  const { user, path } = await open('/', 'admin');
  await user.click(await screen.findByRole('link', { name: 'System' }));
  await waitFor(() => expect(path()).toBe(SYSTEM_PAGES[0].to));
  const links = within(await screen.findByRole('navigation', { name: 'System' })).getAllByRole('link');
  expect(links.map((link) => link.getAttribute('href'))).toEqual(
    expect.arrayContaining(SYSTEM_PAGES.map(({ to }) => to)),
  );
  expect(links.filter((link) => link.getAttribute('aria-current') === 'page')).toHaveLength(1);
});

it('is not there for those who may do nothing in it, and says so at its address', async () => {
  await open('/system', 'full');
  await screen.findByText('You are not allowed to do this.');
  expect(screen.queryByRole('link', { name: 'System' })).toBeNull();
  expect(screen.queryByRole('navigation', { name: 'System' })).toBeNull();
});

it('shows of its pages those that the actions allow', () => {
  expect(pagesFor(['me', 'list'])).toEqual([]);
  const forms = SYSTEM_PAGES.filter(({ key }) => key === 'forms');
  expect(pagesFor(forms.map(({ action }) => action))).toEqual(expect.arrayContaining(forms));
});
