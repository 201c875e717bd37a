/** The bus of a single server: calls within the process. A listener that throws does not keep the others from hearing. */
import type { Bus, BusMessage } from './port.ts';

export function createLocalBus(onError: (cause: unknown) => void): Bus {
  const listeners = new Set<(message: BusMessage) => void>();
  return {
    publish(message) {
      for (const listener of listeners) {
        try {
          listener(message);
        } catch (cause) {
          onError(cause);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
