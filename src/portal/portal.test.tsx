import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { afterEach, describe, expect, it } from 'vitest';
import { createHandlers, SECRET, World } from '../../mocks/handlers/index.ts';
import { renderPortal, type Portal } from './test-support/render-portal.tsx';

interface Opening {
  readonly path?: string;
  readonly locale?: string;
  readonly world?: World;
}

let portal: (Portal & { readonly world: World }) | undefined;
async function open({ world = new World({ stepMs: 1 }), ...options }: Opening = {}) {
  portal = { ...(await renderPortal({ ...options, handlers: createHandlers(world) })), world };
  return portal;
}
afterEach(() => {
  portal?.close();
  portal = undefined;
});

const running = { status: 'running', display: 101 } as const;
const card = (name: string) => screen.findByRole('article', { name });
const dialog = () => screen.findByRole('dialog');

/** A world with one session that runs. */
function withSession(change: object = {}): World {
  const world = new World({ stepMs: 1 });
  world.add(
    { command: 'xterm', geometry: '800x600', name: 'Work', params: { project: 'alloy' } },
    { ...running, ...change },
  );
  return world;
}

describe('login', () => {
  it('takes the secret out of the address at once and shows the sessions', async () => {
    const opened = await open({ path: `/login#${SECRET}`, world: new World({ loggedIn: false }) });
    expect(window.location.hash).toBe('');
    await screen.findByText('No session yet');
    expect([opened.path(), opened.world.loggedIn]).toEqual(['/', true]);
  });

  it('says that a link was used, and how to get another', async () => {
    const world = new World({ loggedIn: false });
    world.secretUsed = true;
    await open({ path: `/login#${SECRET}`, world });
    await screen.findByRole('heading', { name: 'This login link has been used already' });
    expect(screen.getByText(/stop the server with Ctrl-C/)).toBeTruthy();
  });

  it('says that a link is not of this server', async () => {
    await open({ path: '/login#other', world: new World({ loggedIn: false }) });
    await screen.findByRole('heading', { name: 'This login link does not belong to this server' });
  });

  it('explains how to log in, whatever the address, and leaves when the login ends', async () => {
    const { world, user } = await open({ world: withSession() });
    const work = await card('Work');
    world.loggedIn = false;
    await user.click(within(work).getByRole('button', { name: 'More for Work' }));
    await user.click(screen.getByRole('menuitem', { name: 'End session' }));
    await user.click(within(await dialog()).getByRole('button', { name: 'End session' }));
    await screen.findByRole('heading', { name: "Log in with the server's link" });
    expect(screen.getByText('Your login has ended. Your sessions run on.')).toBeTruthy();
  });
});

describe('sessions', () => {
  it('follow the server by push', async () => {
    const { world } = await open();
    await screen.findByText('No session yet');
    const { id } = world.add({ command: 'xterm', geometry: '800x600', name: 'New' });
    expect(within(await card('New')).getByText('Starting')).toBeTruthy();
    world.change(id, { status: 'running' });
    await waitFor(async () => within(await card('New')).getByText('Running'));
    world.end(id, 'ended', { exitCode: 3 });
    await waitFor(async () => within(await card('New')).getByText('3'));
    world.purge(id);
    await screen.findByText('No session yet');
  });

  it('never shows what a session calls itself as HTML', async () => {
    const name = '<img src=x onerror="alert(1)">';
    const world = withSession({ name });
    world.logs.set([...world.sessions.keys()][0] ?? '', '<script>alert(1)</script>');
    const { user } = await open({ world });
    const work = await card(name);
    expect(work.querySelector('img')).toBeNull();
    await user.click(within(work).getByRole('button', { name: /^More/ }));
    await user.click(screen.getByRole('menuitem', { name: 'Log' }));
    await screen.findByText('<script>alert(1)</script>');
    expect(document.querySelector('dialog script')).toBeNull();
  });

  it('end only after being asked', async () => {
    const { user, world } = await open({ world: withSession() });
    const end = async (answer: string) => {
      await user.click(within(await card('Work')).getByRole('button', { name: 'More for Work' }));
      await user.click(screen.getByRole('menuitem', { name: 'End session' }));
      await user.click(within(await dialog()).getByRole('button', { name: answer }));
    };
    await end('Cancel');
    expect([...world.sessions.values()][0]?.status).toBe('running');
    await end('End session');
    await waitFor(async () => within(await card('Work')).getByText('143'));
    await user.click(screen.getByRole('button', { name: 'Remove' }));
    await screen.findByText('No session yet');
  });

  it('say that their command is started again, when and how often', async () => {
    const restarts = { count: 1, inARow: 1, most: 5, next: Date.now() + 3_600_000, exitCode: 3 };
    const { world } = await open({ world: withSession({ restarts }) });
    const work = await card('Work');
    const said = () => within(work).getByText(/started again, 2 of at most 5 times in a row. The last exit code is 3/);
    expect(said().tagName).toBe('OUTPUT');
    expect(within(work).getByRole('timer').textContent).toMatch(/^in 3\d{3} s$/);
    const [id = ''] = world.sessions.keys();
    world.change(id, { restarts: { ...restarts, count: 2, inARow: 2, next: null, exitCode: null } });
    await within(work).findByText('Its command has ended and was started again 2 times. Last, it was killed.');
    expect(within(work).queryByRole('timer')).toBeNull();
    world.end(id, 'failed', { error: { name: 'restart-limit', message: 'It ended again and again.' } });
    await within(await card('Work')).findByText('It ended again and again.');
  });

  it('stay failed, with reason and log, until dismissed', async () => {
    const error = { name: 'command-died', message: 'The command ended at once. Its log says why.' };
    const world = withSession({ status: 'failed', error });
    world.logs.set([...world.sessions.keys()][0] ?? '', 'segmentation fault');
    const { user } = await open({ world });
    const work = await card('Work');
    expect(within(work).getByText(error.message)).toBeTruthy();
    await within(work).findByText('segmentation fault');
    await user.click(within(work).getByRole('button', { name: 'Dismiss' }));
    await screen.findByText('No session yet');
  });

  it('offer to try again when the list cannot be read', async () => {
    const world = withSession();
    const portal = await open({ world });
    await card('Work');
    portal.server.use(http.get('*/api/sessions', () => HttpResponse.error()));
    portal.services.sessions.clear();
    await portal.services.sessions.refresh();
    await screen.findByText('The server cannot be reached.');
    portal.server.resetHandlers();
    await portal.user.click(screen.getByRole('button', { name: 'Try again' }));
    await card('Work');
  });
});

describe('parameters', () => {
  async function params() {
    const { user } = await open({ world: withSession() });
    const work = await card('Work');
    await user.click(within(work).getByText('Parameters'));
    return { user, work };
  }
  const value = () => Object.entries([...(portal?.world.sessions.values() ?? [])][0]?.params ?? {});

  it('are added, as text or as JSON, and deletion can be undone', async () => {
    const { user, work } = await params();
    await user.click(within(work).getByRole('button', { name: 'Add a parameter' }));
    await user.type(within(work).getByLabelText('Name'), 'cores');
    await user.type(within(work).getByLabelText('Value'), '8');
    await user.selectOptions(within(work).getByLabelText('Kind of value'), 'json');
    await user.click(within(work).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(value()).toContainEqual(['cores', 8]));
    await user.click(within(work).getByRole('button', { name: 'Delete project' }));
    await waitFor(() => expect(value()).not.toContainEqual(['project', 'alloy']));
    const said = (await screen.findByText('project has been deleted.')).closest('.notice');
    if (!(said instanceof HTMLElement)) throw new Error('no notice');
    await user.click(within(said).getByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(value()).toContainEqual(['project', 'alloy']));
  });

  it('refuse names that are reserved or badly formed', async () => {
    const { user, work } = await params();
    await user.click(within(work).getByRole('button', { name: 'Add a parameter' }));
    await user.type(within(work).getByLabelText('Name'), 'clientIP{enter}');
    await within(work).findByText(/the server keeps it for itself/);
    await user.clear(within(work).getByLabelText('Name'));
    await user.type(within(work).getByLabelText('Name'), '1st{enter}');
    await within(work).findByText(/A letter first/);
  });

  it('are taken back when the server refuses', async () => {
    const { user, work } = await params();
    portal?.server.use(
      http.post('*/api/params', () =>
        HttpResponse.json({ error: { name: 'forbidden', message: 'No.' } }, { status: 403 }),
      ),
    );
    await user.click(within(work).getByRole('button', { name: 'Change project' }));
    await user.clear(within(work).getByLabelText('Value'));
    await user.type(within(work).getByLabelText('Value'), 'other{enter}');
    await screen.findByText(/project could not be changed/);
    expect(within(work).getByText('alloy')).toBeTruthy();
  });
});

describe('starting', () => {
  async function startDialog(options: Opening = {}) {
    const { user } = await open(options);
    await user.click(await screen.findByRole('button', { name: 'Start a session' }));
    const box = await dialog();
    await within(box).findByText('Terminal');
    return { user, box };
  }
  /** The dialog's footer comes last; its head may have a button of the same name. */
  const press = async (user: Portal['user'], name: string) => {
    const button = within(await dialog())
      .getAllByRole('button', { name })
      .at(-1);
    if (button) await user.click(button);
  };

  /** Forms live in a shadow root of their own. */
  const field = (label: RegExp) =>
    waitFor(() => {
      const host = [...document.querySelectorAll('dialog *')].find((element) => element.shadowRoot !== null);
      const body = host?.shadowRoot?.firstElementChild?.parentNode;
      return within(body as unknown as HTMLElement).getByLabelText(label);
    });

  /** The events of typing: user-event does not follow the focus into a shadow root. */
  const fill = async (label: RegExp, value: string) => fireEvent.input(await field(label), { target: { value } });

  it('goes straight into the viewer, at the size of the window', async () => {
    const { user, box } = await startDialog();
    Object.defineProperty(document.documentElement, 'clientWidth', { value: 1024, configurable: true });
    Object.defineProperty(document.documentElement, 'clientHeight', { value: 700, configurable: true });
    await user.click(within(box).getByText('Terminal'));
    await press(user, 'Start');
    await screen.findByRole('button', { name: 'Back to the sessions' });
    const [session] = portal?.world.sessions.values() ?? [];
    expect(session).toMatchObject({ command: 'xterm', geometry: '1024x700' });
    expect(portal?.path()).toBe(`/session/${session?.id}`);
    expect(document.querySelectorAll('.viewer-stage.shown iframe')).toHaveLength(1);
  });

  it('says which limit is reached, and ends one of the sessions in the way', async () => {
    const { user, box } = await startDialog();
    const world = portal?.world;
    const { audit, version } = world!.policy.settings();
    world!.policy.saveSettings({ seats: { perUser: 1, perServer: 0, total: 0 }, audit, version });
    const inTheWay = world!.add({ command: 'xclock', geometry: '800x600', name: 'Clock' }, { status: 'running' });
    await user.click(within(box).getByText('Terminal'));
    await press(user, 'Start');
    await screen.findByText('Sessions that each person may run at the same time: 1.');
    await user.click(screen.getByRole('button', { name: 'End session Clock' }));
    await user.click(await screen.findByRole('button', { name: 'End session' }));
    await screen.findByText('There is room again. Try once more.');
    expect(world!.get(inTheWay.id).status).toBe('ended');
    await press(user, 'Try again');
    await screen.findByRole('button', { name: 'Back to the sessions' });
  });

  it('asks the forms in turn, keeps what was typed on the way back, and sends exactly the coerced answers', async () => {
    const { user, box } = await startDialog();
    await user.click(within(box).getByText('Simulation'));
    await press(user, 'Start');
    await fill(/Cores/, '12');
    await press(user, 'Next');
    await fill(/Project/, 'bridge');
    await press(user, 'Back');
    expect(await field(/Cores/)).toHaveProperty('value', '12');
    await press(user, 'Next');
    expect(await field(/Project/)).toHaveProperty('value', 'bridge');
    await press(user, 'Start');
    await screen.findByRole('button', { name: 'Back to the sessions' });
    const [session] = portal?.world.sessions.values() ?? [];
    expect(session?.params).toMatchObject({ memory: 4, cores: 12, gpu: false, project: 'bridge' });
  });

  it('shows why a start failed, with its log, and leaves the card', async () => {
    const { user, box } = await startDialog();
    await user.click(within(box).getByText('Own command'));
    await user.type(await within(box).findByLabelText('Command'), 'paraviev');
    await press(user, 'Start');
    await within(box).findByText('The command was not found on the session server.');
    await within(box).findByText(/paraviev: not found/);
    await press(user, 'Close');
    await within(await card('paraviev')).findByText(/paraviev: not found/);
  });

  it('does not start nothing, or something of an impossible size', async () => {
    const { user, box } = await startDialog();
    await user.click(within(box).getByText('Own command'));
    await press(user, 'Start');
    await within(box).findByText('Type the command to start.');
    await user.type(within(box).getByLabelText('Command'), 'xterm');
    await user.selectOptions(within(box).getByLabelText('Size'), 'custom');
    await user.type(within(box).getByLabelText('Width × height'), '10x10');
    await press(user, 'Start');
    await within(box).findByText(/Two numbers from 64 to 16384/);
    expect(portal?.world.sessions.size).toBe(0);
  });

  it('says what is missing where nothing can be started', async () => {
    const world = new World();
    world.canStart = false;
    await open({ world });
    await screen.findByText(/apt-get install tigervnc/);
  });
});

it('speaks German', async () => {
  await open({ locale: 'de' });
  await screen.findByRole('button', { name: 'Eine Sitzung starten' });
  expect(document.documentElement.lang).toBe('de');
});
