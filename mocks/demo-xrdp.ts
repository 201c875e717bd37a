/** The viewer on a desktop that this page draws itself: the same code as `/xrdp`, with no server behind it. */
import { startViewer } from '../src/viewer/viewer.ts';
import { encodeViewerData } from '../src/contract/xrdp.ts';
import { createDemoDesktop } from './desktop/connect.ts';

const root = document.getElementById('viewer');
if (!root) throw new TypeError('the page lacks its place for the viewer');

// Opened by hand, without the data a portal hands over: there is only this one desktop, and any ticket opens it.
const { location, history, parent } = window;
if (parent === window && location.hash === '' && location.search === '' && history.state === null) {
  const data = encodeViewerData({ id: 'demo-session', password: 'demo' });
  history.replaceState(null, '', `#${data}`);
}

const connect = createDemoDesktop();
startViewer(root, {
  transport: (id) => connect({ id, name: 'Demo desktop', parents: [location.origin] }),
});
