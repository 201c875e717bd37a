/** The portal's entry. */
import { startPortal } from './start-portal.tsx';

const element = document.getElementById('portal');
if (!element) throw new TypeError('the page lacks its place for the portal');
void startPortal({ element });
