/** The portal with no server at all: the API is played by a service worker, the desktops by their own page. */
import { setupWorker } from 'msw/browser';
import { startPortal } from '../src/portal/start-portal.tsx';
import { createHandlers, World } from './handlers/index.ts';

/** Served by Vite in development, beside this page in a static folder, by the server at its short name. */
const STATIC = import.meta.env.MODE === 'static';
const VIEWER = import.meta.env.DEV ? '/mocks/demo-xrdp.html' : STATIC ? './demo-xrdp.html' : '/demo-xrdp';

const ago = (minutes: number) => Date.now() - minutes * 60_000;

/** A first look with something in it: one that runs, one that ended, one that failed. */
function furnish(world: World): void {
  world.add(
    {
      command: 'openbox-session',
      geometry: '1920x1080',
      bookmarkId: 'desktop',
      params: { project: 'alloy', cores: 8 },
    },
    { status: 'running', started: ago(134), lastConnect: ago(20), display: 101 },
  );
  world.add(
    { command: 'xterm -T "Night build"', geometry: 'rootless', name: 'Night build' },
    { status: 'ended', started: ago(900), ended: ago(312), exitCode: 0 },
  );
  // One that waits for its turn, as with a scheduler.
  world.add(
    { command: 'glxgears -fullscreen', geometry: '1280x800', name: 'Waits for a graphics card' },
    {
      status: 'pending',
      started: ago(1),
      job: { scheduler: 'slurm', id: '4711', state: 'pending', reason: 'Resources', estimatedStart: ago(-25) },
    },
  );
  const failed = world.add(
    { command: 'paraviev --data run42', geometry: '1600x900', name: 'ParaView' },
    {
      status: 'failed',
      started: ago(3),
      ended: ago(3),
      exitCode: 127,
      error: { name: 'command-not-found', message: 'The command was not found on the session server.' },
    },
  );
  world.logs.set(failed.id, 'Xvnc: ready on :103\nsh: 1: paraviev: not found\n');
}

const element = document.getElementById('portal');
if (!element) throw new TypeError('the page lacks its place for the portal');
const world = new World({ viewerPath: VIEWER });
furnish(world);
const worker = setupWorker(...createHandlers(world));
await worker.start({
  quiet: true,
  onUnhandledRequest: 'bypass',
  ...(STATIC ? { serviceWorker: { url: './mockServiceWorker.js' } } : {}),
});
await startPortal({ element, addresses: 'hash', viewerPath: VIEWER, demo: true });
