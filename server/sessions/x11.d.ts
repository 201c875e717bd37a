/** What we use of the `x11` package, which brings no types. */
declare module 'x11' {
  import type { Duplex } from 'node:stream';

  export interface XWindowAttributes {
    /** 0 unmapped, 1 unviewable, 2 viewable. */
    mapState: number;
    overrideRedirect: number;
  }

  export interface XGeometry {
    xPos: number;
    yPos: number;
    width: number;
    height: number;
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

  export interface SelectionClear {
    name: 'SelectionClear';
    selection: number;
  }

  /** Of RandR. Sizes in pixels and in millimetres. */
  export interface ScreenChangeNotify {
    name: 'RRScreenChangeNotify';
    width: number;
    physWidth: number;
  }

  /** Those that we read members of. Others have other names. */
  export type XEvent =
    | SelectionNotify
    | FixesSelectionNotify
    | SelectionRequest
    | SelectionClear
    | PropertyNotify
    | ScreenChangeNotify;

  export interface Fixes {
    SelectSelectionInput(window: number, selection: number, eventMask: number): void;
  }

  type Done<Value> = (error: Error | null, value: Value) => void;

  export interface XClient {
    /** What it knows of atoms by name. One table for all displays, unless it is given another. */
    atoms: Readonly<Record<string, number>>;
    AllocID(): number;
    InternAtom(onlyIfExists: boolean, name: string, done: Done<number>): void;
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
      values: { eventMask?: number; overrideRedirect?: 0 | 1 },
    ): void;
    DestroyWindow(window: number): void;
    ChangeWindowAttributes(window: number, values: { eventMask?: number; backgroundPixel?: number }): void;
    ClearArea(window: number, x: number, y: number, width: number, height: number, exposures: 0 | 1): void;
    ConfigureWindow(window: number, values: { x?: number; y?: number; stackMode?: number }): void;
    MapWindow(window: number): void;
    SetInputFocus(window: number, revertTo: number): void;
    KillClient(window: number): void;
    QueryTree(window: number, done: Done<{ children: number[] }>): void;
    GetWindowAttributes(window: number, done: Done<XWindowAttributes>): void;
    GetGeometry(window: number, done: Done<XGeometry>): void;
    TranslateCoordinates(
      from: number,
      to: number,
      x: number,
      y: number,
      done: Done<{ destX: number; destY: number }>,
    ): void;
    GetProperty(
      remove: number,
      window: number,
      name: number,
      type: number,
      offset: number,
      length: number,
      done: (error: Error | null, property: { type: number; data: Buffer; bytesAfter: number }) => void,
    ): void;
    /** `mode`: 0 replaces, 2 appends. `format`: 8 or 32 bits. */
    ChangeProperty(mode: number, window: number, name: number, type: number, format: number, data: Buffer): void;
    DeleteProperty(window: number, name: number): void;
    ConvertSelection(requestor: number, selection: number, target: number, property: number, time: number): void;
    SendEvent(destination: number, propagate: number, eventMask: number, event: SelectionNotify): void;
    GetSelectionOwner(selection: number, done: Done<number>): void;
    SetSelectionOwner(owner: number, selection: number, time: number): void;
    SendClientMessage(
      destination: number,
      about: number,
      type: number,
      format: 32,
      data: readonly number[],
      eventMask: number,
    ): void;
    GrabServer(): void;
    UngrabServer(): void;
    require(extension: 'fixes', done: (error: Error | null, fixes: Fixes) => void): void;
    require(extension: 'randr', done: (error: Error | null, randr: XRandr) => void): void;
    on(event: 'event', listener: (event: XEvent) => void): void;
    on(event: 'error' | 'end', listener: (error?: Error) => void): void;
    terminate(): void;
  }

  export interface XRandr {
    SelectInput(window: number, mask: number): void;
    SetScreenSize(window: number, width: number, height: number, mmWidth: number, mmHeight: number): void;
    readonly NotifyMask: { ScreenChange: number };
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

  export interface X11 {
    createClient(options: Options, done: (error: Error | undefined, display: XDisplay) => void): XClient;
    eventMask: {
      SubstructureNotify: number;
      SubstructureRedirect: number;
      PropertyChange: number;
      StructureNotify: number;
    };
  }

  const x11: X11;
  export default x11;
}
