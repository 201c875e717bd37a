/** A way to the demo desktop for a viewer: a port, where a server would have a socket. */
import type { ToDesktop } from './messages.ts';

export interface DemoSession {
  readonly id: string;
  readonly name: string;
  /** Origins whose pages may speak with the viewer. */
  readonly parents: readonly string[];
}

/** The desktop lives as long as the page; each call connects to the same one anew. */
export function createDemoDesktop(): (session: DemoSession) => { kind: 'port'; port: MessagePort } {
  let worker: Worker | undefined;
  return (session) => {
    const tell = (message: ToDesktop, transfer: Transferable[] = []): void => worker?.postMessage(message, transfer);
    if (!worker) {
      worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'demo desktop' });
      tell({ type: 'start', session: { ...session, parents: [...session.parents] } });
    }
    const channel = new MessageChannel();
    tell({ type: 'connect' }, [channel.port2]);
    return { kind: 'port', port: channel.port1 };
  };
}
