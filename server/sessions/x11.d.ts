/** What we use of the `x11` package, which brings no types. */
declare module 'x11' {
  import type { Duplex } from 'node:stream';

  export interface XWindowAttributes {
    /** 0 unmapped, 1 unviewable, 2 viewable. */
    mapState: number;
    overrideRedirect: number;
  }

  export interface XClient {
    InternAtom(onlyIfExists: boolean, name: string, done: (error: Error | null, atom: number) => void): void;
    ChangeWindowAttributes(window: number, values: { eventMask: number }): void;
    QueryTree(window: number, done: (error: Error | null, tree: { children: number[] }) => void): void;
    GetWindowAttributes(window: number, done: (error: Error | null, attributes: XWindowAttributes) => void): void;
    GetProperty(
      remove: number,
      window: number,
      name: number,
      type: number,
      offset: number,
      length: number,
      done: (error: Error | null, property: { type: number; data: Buffer }) => void,
    ): void;
    on(event: 'event', listener: (event: { name: string }) => void): void;
    on(event: 'error' | 'end', listener: (error?: Error) => void): void;
    terminate(): void;
  }

  export interface XDisplay {
    client: XClient;
    screen: { root: number }[];
  }

  export interface Options {
    display: string;
    stream?: Duplex;
    auth?: { name: string; data: string };
    shm?: false;
  }

  const x11: {
    createClient(options: Options, done: (error: Error | undefined, display: XDisplay) => void): XClient;
    eventMask: { SubstructureNotify: number; PropertyChange: number };
  };
  export default x11;
}
