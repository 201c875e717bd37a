/** What the page tells the worker in which the demo desktop lives. */
export type ToDesktop =
  | { type: 'start'; session: { id: string; name: string; parents: string[] } }
  /** With the port among the transferred. */
  | { type: 'connect' };
