import { screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { afterEach, describe, expect, it } from 'vitest';
import { createHandlers, World } from '../../../mocks/handlers/index.ts';
import { renderPortal, type Portal } from '../test-support/render-portal.tsx';
import { autocompleteOf } from './prompt-kind.ts';

let portal: Portal | undefined;
afterEach(() => {
  portal?.close();
  portal = undefined;
});

async function open(login: World['login'], path = '/login') {
  const world = new World({ loggedIn: false, stepMs: 1 });
  world.login = login;
  portal = await renderPortal({ path, handlers: createHandlers(world) });
  return { world, user: portal.user, server: portal.server };
}
const name = () => screen.findByLabelText<HTMLInputElement>('User name');
const password = () => screen.findByLabelText<HTMLInputElement>('Password');
const submit = () => screen.findByRole<HTMLButtonElement>('button', { name: 'Log in' });

describe('logging in over SSH', () => {
  it('asks one round after the other, in the server’s words, and then shows the sessions', async () => {
    const { user } = await open(['ssh']);
    await waitFor(async () => expect(document.activeElement === (await name())).toBe(true));
    await user.type(await name(), 'ada');
    await user.type(await password(), 'analytical');
    await user.click(await submit());
    await screen.findByText(/A second factor is needed\.\s+Look at your telephone\./);
    const code = screen.getByLabelText<HTMLInputElement>('Verification code:');
    expect([document.activeElement, code.type, code.autocomplete]).toEqual([code, 'text', 'one-time-code']);
    await user.type(code, '1843{enter}');
    await screen.findByText('No session yet');
    expect(localStorage.getItem('casement.login.name')).toBe('ada');
    expect(JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])).not.toMatch(
      /analytical|1843/,
    );
  });

  it('asks for the password as a round where none was typed', async () => {
    const { user } = await open(['ssh']);
    await user.type(await name(), 'ada{enter}');
    const asked = await screen.findByLabelText<HTMLInputElement>('Password:');
    expect([asked.type, asked.autocomplete]).toEqual(['password', 'current-password']);
    // For password managers: whose password it is.
    expect(document.querySelector<HTMLInputElement>('form input[autocomplete="username"]')?.value).toBe('ada');
    await user.click(screen.getByRole('button', { name: 'Start again' }));
    expect((await name()).value).toBe('ada');
  });

  it('says what was wrong, keeps the name, and goes to the password', async () => {
    const { user } = await open(['ssh']);
    await user.type(await name(), 'ada');
    await user.type(await password(), 'wrong{enter}');
    expect((await screen.findByRole('alert')).textContent).toMatch(/The user name or an answer is wrong\./);
    expect((await name()).value).toBe('ada');
    await waitFor(async () => expect(document.activeElement === (await password())).toBe(true));
    await user.clear(await password());
    await user.type(await password(), 'analytical{enter}');
    await screen.findByLabelText('Verification code:');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('hands on why sshd refused', async () => {
    const { user, server } = await open(['ssh']);
    const details = { reason: 'Your account has expired; please contact your system administrator.' };
    const error = { name: 'account-refused', message: 'x', details };
    server.use(http.post('*/api/auth/ssh', () => HttpResponse.json({ error }, { status: 403 })));
    await user.type(await name(), 'ada{enter}');
    await screen.findByText(/Your account has expired/);
  });

  it('shows how long to wait, and lets nobody try before', async () => {
    const { user, world } = await open(['ssh']);
    world.failedTries = 3;
    await user.type(await name(), 'ada{enter}');
    const waiting = await screen.findByRole<HTMLButtonElement>('button', { name: /Wait (30|29) seconds/ });
    expect(waiting.disabled).toBe(true);
  });

  it('says that it waits where sshd takes its time, and takes no second click', async () => {
    const { user, server } = await open(['ssh']);
    let asked = 0;
    let answer = () => {};
    server.use(
      http.post('*/api/auth/ssh', async () => {
        asked++;
        await new Promise<void>((resolve) => (answer = resolve));
        return HttpResponse.json({ error: { name: 'login-failed', message: 'x' } }, { status: 401 });
      }),
    );
    await user.type(await name(), 'ada{enter}');
    await screen.findByText('The session server is checking …');
    expect((await submit()).disabled).toBe(true);
    await user.type(await name(), '{enter}');
    answer();
    await screen.findByRole('alert');
    expect(asked).toBe(1);
  });

  it('remembers no name on a computer that others use', async () => {
    const { user } = await open(['ssh']);
    localStorage.setItem('casement.login.name', 'somebody');
    await user.type(await name(), 'ada');
    await user.click(screen.getByLabelText('Others use this computer, too'));
    await user.click(await submit());
    await screen.findByLabelText('Password:');
    expect(localStorage.getItem('casement.login.name')).toBe('');
  });

  it('tells password managers what each field is', async () => {
    await open(['ssh']);
    expect([(await name()).autocomplete, (await password()).autocomplete]).toEqual(['username', 'current-password']);
    const kind = (prompt: string, echo = false) => autocompleteOf({ prompt, echo });
    expect(
      ['(ada@host) Password: ', 'New password: ', 'Retype new password: ', 'Verification code: '].map((p) => kind(p)),
    ).toEqual(['current-password', 'new-password', 'new-password', 'one-time-code']);
    expect(kind('Favourite colour?', true)).toBe('off');
  });
});

describe('logging in by the identity provider', () => {
  it('is a link, which a page’s policy does not hold back', async () => {
    await open(['oidc']);
    const link = await screen.findByRole('link', { name: 'Log in with your organisation' });
    expect(link.getAttribute('href')).toBe('/api/auth/oidc');
    expect(screen.queryByLabelText('User name')).toBeNull();
  });

  it('says why it failed, once', async () => {
    await open(['ssh', 'oidc'], '/login?failed=oidc-unmapped');
    await screen.findByText('There is no account on this server for your identity.');
    expect(window.location.search).toBe('');
  });
});

describe('one’s own logins', () => {
  it('are listed, and others can be ended', async () => {
    const { user, world, server } = await open(['ssh']);
    world.loggedIn = true;
    await portal?.services.account.load();
    const login = { current: false, method: 'ssh', address: '192.0.2.7', created: 1, lastUsed: 2, expires: 3 };
    let logins = [
      { ...login, id: 'a', current: true, browser: 'Firefox on Linux' },
      { ...login, id: 'b', browser: 'Safari on iOS' },
    ];
    const ended: unknown[] = [];
    server.use(
      http.get('*/api/logins', () => HttpResponse.json({ result: logins })),
      http.delete('*/api/logins/:id', ({ params }) => {
        ended.push(params['id']);
        logins = logins.slice(0, 1);
        return HttpResponse.json({ result: {} });
      }),
    );
    await user.click(await screen.findByRole('button', { name: /^Account of/ }));
    await user.click(screen.getByRole('menuitem', { name: 'Where you are logged in' }));
    const dialog = await screen.findByRole('dialog');
    await within(dialog).findByText('Safari on iOS');
    expect(within(dialog).getAllByText(/192\.0\.2\.7/)).toHaveLength(2);
    await user.click(within(dialog).getByRole('button', { name: 'Log out: Safari on iOS' }));
    await waitFor(() => expect(within(dialog).queryByText('Safari on iOS')).toBeNull());
    expect(ended).toEqual(['b']);
    expect(within(dialog).queryByRole('button', { name: 'Log out everywhere else' })).toBeNull();
  });
});
