/** What servers tell each other. Session changes come from the session host; here is what belongs to no session. */
import type { StartProgress } from '../../src/contract/start.ts';

export interface BusMessage {
  readonly topic: 'start';
  /** Whose start it is: nobody else hears of it. */
  readonly login: string;
  readonly progress: StartProgress;
}

export interface Bus {
  publish(message: BusMessage): void;
  /** @returns the way to stop listening */
  subscribe(listener: (message: BusMessage) => void): () => void;
}
