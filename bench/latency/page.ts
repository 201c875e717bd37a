/** One desktop over the whole page, by ours or by noVNC: `?who=ours` or `?who=novnc`. */
import RFB from '@novnc/novnc';
import { Desktop } from '../../src/desktop/desktop.ts';

declare global {
  interface Window {
    ready: boolean;
  }
}

const element = document.getElementById('desktop');
if (!element) throw new Error('no element');
const url = `${location.origin.replace('http', 'ws')}/rfb`;
if (new URL(location.href).searchParams.get('who') === 'novnc') {
  const rfb = new RFB(element, url, { shared: true });
  rfb.addEventListener('connect', () => {
    window.ready = true;
    (rfb as unknown as { focus(): void }).focus();
  });
} else {
  const desktop = new Desktop(element, {
    scaling: 'none',
    onEvent: (event) => {
      if (event.type === 'painted-first') window.ready = true;
    },
  });
  desktop.open({ transport: { kind: 'websocket', url } });
  desktop.focus();
}
