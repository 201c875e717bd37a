import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { createHandlers, World } from '../../../../mocks/handlers/index.ts';
import { renderPortal, type Portal } from '../../test-support/render-portal.tsx';

let portal: Portal | undefined;
afterEach(() => {
  portal?.close();
  portal = undefined;
});

async function open(path: string, prepare: (world: World) => void = () => undefined, locale = 'en') {
  const world = new World({ stepMs: 1 });
  world.level = 'admin';
  prepare(world);
  portal = await renderPortal({ path, locale, handlers: createHandlers(world) });
  return { world, user: portal.user };
}

const panel = (name: string) => screen.findByRole('region', { name });
const row = async (name: RegExp | string) => (await screen.findByRole('rowheader', { name })).closest('[role=row]');

it('writes a bookmark, says at the fields what is missing, and shows it in the list', async () => {
  const { user } = await open('/system/sessions/bookmarks');
  await user.click(await screen.findByRole('button', { name: 'New bookmark' }));
  const form = within(await panel('New bookmark'));
  await user.click(form.getByRole('button', { name: 'Save' }));
  expect(form.getAllByText('This is needed.')).toHaveLength(2);
  await user.type(form.getByLabelText('Name'), 'Solver');
  await user.type(form.getByLabelText('Command'), 'solve --all');
  await user.click(form.getByRole('radio', { name: 'Flask' }));
  await user.selectOptions(form.getByLabelText('Questions to ask, in this order'), 'project');
  await user.type(form.getByLabelText('People and groups'), '@physics{Enter}');
  await user.type(form.getByLabelText('Parameters'), '{{"a":');
  expect(form.getByText('This is not a JSON object with allowed names.')).toBeTruthy();
  await user.type(form.getByLabelText('Parameters'), '1}');
  await user.click(form.getByRole('button', { name: 'Save' }));
  expect((await row(/Solver/))?.textContent).toContain('@physics');
  expect(within(await panel('Solver')).getByLabelText('Parameters')).toHaveProperty('value', '{\n  "a": 1\n}');
});

it('deletes a bookmark at once and brings it back with Ctrl+Z', async () => {
  const { user } = await open('/system/sessions/bookmarks?open=%2B');
  const form = within(await panel('New bookmark'));
  await user.type(form.getByLabelText('Name'), 'Solver');
  await user.type(form.getByLabelText('Command'), 'solve');
  await user.click(form.getByRole('button', { name: 'Save' }));
  await user.click(within(await panel('Solver')).getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(screen.queryByRole('rowheader', { name: /Solver/ })).toBeNull());
  expect(screen.getByText(/Solver has been deleted/)).toBeTruthy();
  await user.keyboard('{Control>}z{/Control}');
  await row(/Solver/);
});

it('opens a copy by its address, and asks before it makes way for another', async () => {
  const { user } = await open('/system/sessions/bookmarks?open=%2Bterminal');
  const form = within(await panel('New bookmark'));
  expect(form.getByLabelText('Name')).toHaveProperty('value', 'Terminal (copy)');
  await user.type(form.getByLabelText('Name'), ' of mine');
  await user.click(screen.getByRole('button', { name: 'Duplicate Terminal' }));
  expect(form.getByLabelText('Name')).toHaveProperty('value', 'Terminal (copy) of mine');
  await user.click(screen.getByRole('button', { name: 'New bookmark' }));
  const dialog = () => screen.findByRole('dialog', { name: 'Leave without saving?' });
  await user.click(within(await dialog()).getByRole('button', { name: 'Cancel' }));
  expect(form.getByLabelText('Name')).toHaveProperty('value', 'Terminal (copy) of mine');
  await user.click(screen.getByRole('button', { name: 'New bookmark' }));
  await user.click(within(await dialog()).getByRole('button', { name: 'Leave' }));
  await waitFor(() => expect(screen.getByLabelText('Name')).toHaveProperty('value', ''));
});

it('hides a bookmark of the machine, which cannot be deleted', async () => {
  const { user } = await open('/system/sessions/bookmarks');
  await row(/Terminal/);
  expect(screen.queryByRole('button', { name: 'Delete Terminal' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Hide Terminal from everybody' }));
  await screen.findByRole('button', { name: 'Show Terminal again' });
});

it('saves a profile in units of people, and shows what somebody else saved meanwhile', async () => {
  const { user, world } = await open('/system/sessions/profiles?open=office');
  const form = within(await panel('Office'));
  const idle = form.getByLabelText('Disconnect when idle for');
  expect(idle).toHaveProperty('value', '1');
  await user.clear(idle);
  await user.type(idle, '1,5');
  const { id: _id, version, changed: _changed, changedBy: _by, ...theirs } = world.profiles.read('office');
  world.profiles.save('office', version, { ...theirs, idleSeconds: 600, maxRunSeconds: 86_400 });
  await user.click(form.getByRole('button', { name: 'Save' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Somebody else has saved this' }));
  expect(dialog.getByText('5400')).toBeTruthy();
  await user.click(dialog.getByRole('button', { name: 'Go on with mine' }));
  await user.click(form.getByRole('button', { name: 'Save' }));
  // What was touched here is mine; what only the other changed is theirs.
  await waitFor(() =>
    expect(world.profiles.read('office')).toMatchObject({ idleSeconds: 5400, maxRunSeconds: 86_400 }),
  );
});

it('asks before what is not saved is left', async () => {
  const { user } = await open('/system/sessions/profiles?open=office');
  await user.type(within(await panel('Office')).getByLabelText('Name'), ' two');
  await user.click(screen.getByRole('link', { name: 'Audit' }));
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Cancel' }));
  expect(within(await panel('Office')).getByLabelText('Name')).toHaveProperty('value', 'Office two');
});

it('keeps and shows a rule that is written anew right after it was deleted', async () => {
  const { user, world } = await open('/system/people/permissions?open=%40interns');
  await user.click(within(await panel('@interns')).getByRole('button', { name: 'Delete' }));
  await user.click(screen.getByRole('button', { name: 'New rule' }));
  const form = within(await panel('New rule'));
  await user.type(form.getByLabelText('Who'), '@interns');
  await user.selectOptions(form.getByLabelText('Level'), 'Full');
  await user.click(form.getByRole('button', { name: 'Save' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Somebody else has saved this' }));
  await user.click(dialog.getByRole('button', { name: 'Go on with mine' }));
  await user.click(form.getByRole('button', { name: 'Save' }));
  await row(/@interns/);
  // Leaving sends all deletions that wait.
  await user.click(screen.getByRole('link', { name: 'Audit' }));
  await screen.findByRole('heading', { name: 'Audit' });
  expect(world.policy.permissions().entries).toMatchObject([{ id: '@interns', level: 'full' }]);
});

it('takes a single action away, and says what somebody may do', async () => {
  const { user, world } = await open('/system/people/permissions');
  await user.click(await screen.findByRole('button', { name: 'New rule' }));
  const form = within(await panel('New rule'));
  await user.type(form.getByLabelText('Who'), '@bad name:');
  await user.click(form.getByRole('button', { name: 'Save' }));
  expect(form.getByText(/The name of an account, or @ and/)).toBeTruthy();
  await user.clear(form.getByLabelText('Who'));
  await user.type(form.getByLabelText('Who'), 'mallory');
  await user.selectOptions(form.getByLabelText('Level'), 'Full');
  await user.click(form.getByRole('radio', { name: 'End sessions: Taken away' }));
  await user.click(form.getByRole('button', { name: 'Save' }));
  await panel('mallory');
  expect(world.policy.check('mallory').actions).not.toContain('terminate');
  await user.click(screen.getByRole('button', { name: 'What may somebody do?' }));
  const dialog = within(await screen.findByRole('dialog'));
  await user.type(dialog.getByLabelText('Account'), 'mallory{Enter}');
  expect((await dialog.findByText('End sessions')).textContent).toContain(': no');
});

it('ends sessions of others after being asked, and follows what changes', async () => {
  const { user, world } = await open('/system/sessions/all', (world) => {
    world.add({ command: 'xterm', geometry: '800x600', name: 'One' }, { status: 'running', login: 'ada' });
    world.add({ command: 'xterm', geometry: '800x600', name: 'Two' }, { status: 'running', login: 'bob' });
  });
  await row(/^One/);
  await user.selectOptions(screen.getByLabelText('Owner'), 'ada');
  await waitFor(() => expect(screen.queryByRole('rowheader', { name: /^Two/ })).toBeNull());
  await user.selectOptions(screen.getByLabelText('Owner'), 'All');
  await user.click(await screen.findByRole('checkbox', { name: 'Select all that is listed' }));
  await user.click(screen.getByRole('button', { name: 'End session' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'End 2 sessions?' }));
  await user.click(dialog.getByRole('button', { name: 'End session' }));
  await waitFor(() => expect([...world.sessions.values()].map(({ status }) => status)).toEqual(['ended', 'ended']));
  expect(await screen.findAllByText('Ended')).not.toHaveLength(0);
  world.add({ command: 'xterm', geometry: '800x600', name: 'Three' });
  await row(/^Three/);
});

it('shows the steps of a start, what a function returned, and finds by event', async () => {
  const { user } = await open('/system/people/audit', (world) =>
    world.policy.note('start', 'session-1', 'xterm', {
      steps: [
        { step: 'receive', state: 'done', ms: 1 },
        { step: 'schedule', state: 'done', ms: 7, returned: '"sbatch"' },
        { step: 'link', state: 'failed', ms: 92, reason: 'no such account' },
      ],
    }),
  );
  await screen.findByText('session-1');
  await user.selectOptions(screen.getByLabelText('What'), 'Start');
  await waitFor(() => expect(screen.getAllByRole('rowheader')).toHaveLength(1));
  await user.click(screen.getByText('session-1'));
  const entry = within(await panel('Start'));
  expect(entry.getByText('The start, step by step (100 ms)')).toBeTruthy();
  expect(entry.getByText('"sbatch"')).toBeTruthy();
  expect(entry.getByText('no such account')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'CSV' }).getAttribute('href')).toBe(
    '/api/admin/audit/export?event=start&format=csv',
  );
});

it('closes a server for starts, and limits seats with sentences at the fields', async () => {
  const { user, world } = await open('/system/site/servers?open=demo-server');
  const form = within(await panel('demo.local'));
  await user.click(form.getByLabelText('Takes new sessions'));
  await user.click(form.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(world.policy.servers()[0]?.accepts.start).toBe(false));
  await user.click(screen.getByRole('link', { name: 'Seats and settings' }));
  const seats = within(await panel('Limits'));
  await user.type(seats.getByLabelText('Seats of one person'), 'two');
  await user.click(seats.getByRole('button', { name: 'Save' }));
  expect(seats.getByText(/A whole number up to 1,000,000/)).toBeTruthy();
  await user.clear(seats.getByLabelText('Seats of one person'));
  await user.type(seats.getByLabelText('Seats of one person'), '2');
  await user.click(seats.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(world.policy.settings().seats.perUser).toBe(2));
});
