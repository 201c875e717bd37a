/** The page `/xrdp`: a viewer whose sessions are on the server that served it. */
import { startViewer } from './viewer.ts';

const root = document.getElementById('viewer');
if (root) {
  startViewer(root, {
    transport: (sessionId) => {
      const url = new URL(`/ws/session/${encodeURIComponent(sessionId)}`, window.location.href);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      return { kind: 'websocket', url: url.href };
    },
  });
}
