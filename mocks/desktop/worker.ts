/** Home of the demo desktop, so that drawing it does not hold up the page that shows it. */
import { DemoDesktop } from './desktop.ts';
import type { ToDesktop } from './messages.ts';

let desktop: DemoDesktop | undefined;

globalThis.addEventListener('message', (event: MessageEvent<ToDesktop>) => {
  const message = event.data;
  if (message.type === 'start') desktop = new DemoDesktop(message.session);
  else if (event.ports[0]) desktop?.serve(event.ports[0]);
});
