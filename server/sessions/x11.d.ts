/** What we use of the `x11` package, which brings no types. */
declare module 'x11' {
  import type { Duplex } from 'node:stream';

  export interface XWindowAttributes {
    /** 0 unmapped, 1 unviewable, 2 viewable. */
    mapState: number;
    overrideRedirect: number;
  }

  export interface SelectionNotify {
    name: 'SelectionNotify';
    time: number;
    requestor: number;
    selection: number;
    target: number;
    /** 0: refused. */
    property: number;
  }

  /** The package calls it by the same name; that of the core has no `subtype`. */
  export interface FixesSelectionNotify {
    name: 'SelectionNotify';
    subtype: number;
    owner: number;
    selection: number;
    selectionTimestamp: number;
  }

  export interface SelectionRequest {
    name: 'SelectionRequest';
    time: number;
    requestor: number;
    selection: number;
    target: number;
    property: number;
  }

  export interface PropertyNotify {
    name: 'PropertyNotify';
    wid: number;
    atom: number;
    time: number;
    /** 0: it has a new value. 1: it was deleted. */
    state: number;
  }

  /** Those that we read members of. Others have other names. */
  export type XEvent = SelectionNotify | FixesSelectionNotify | SelectionRequest | PropertyNotify;

  export interface Fixes {
    SelectSelectionInput(window: number, selection: number, eventMask: number): void;
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
      done: (error: Error | null, property: { type: number; data: Buffer; bytesAfter: number }) => void,
    ): void;
    AllocID(): number;
    CreateWindow(
      id: number,
      parent: number,
      x: number,
      y: number,
      width: number,
      height: number,
      border: number,
      depth: number,
      windowClass: number,
      visual: number,
      values: { eventMask?: number },
    ): void;
    /** `mode`: 0 replaces, 2 appends. `format`: 8 or 32 bits. */
    ChangeProperty(mode: number, window: number, name: number, type: number, format: number, data: Buffer): void;
    DeleteProperty(window: number, name: number): void;
    SetSelectionOwner(owner: number, selection: number, time: number): void;
    GetSelectionOwner(selection: number, done: (error: Error | null, owner: number) => void): void;
    ConvertSelection(requestor: number, selection: number, target: number, property: number, time: number): void;
    SendEvent(destination: number, propagate: number, eventMask: number, event: SelectionNotify): void;
    require(extension: 'fixes', done: (error: Error | null, fixes: Fixes) => void): void;
    on(event: 'event', listener: (event: XEvent) => void): void;
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
