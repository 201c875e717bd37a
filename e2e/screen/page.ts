/** A page with one screen on it, for tests and benchmarks that need no portal. */
import { ScreenClient, type ScreenEvent } from '../../src/screen/client.ts';

declare global {
  interface Window {
    screenClient: ScreenClient;
    screenEvents: ScreenEvent[];
  }
}

const canvas = document.querySelector('canvas');
if (!canvas) throw new Error('no canvas');
window.screenEvents = [];
window.screenClient = new ScreenClient(canvas, (event) => window.screenEvents.push(event));
