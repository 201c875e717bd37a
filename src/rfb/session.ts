/**
 * A client's end of one RFB connection. Pure: it reads from a window that its owner fills, tells the owner what to
 * send, and knows neither sockets nor clocks. Resumable at every byte.
 */
import { RfbError } from './rfb-error.ts';
import { skip } from './skip.ts';
import { sideButtonKeys } from './side-buttons.ts';
import type { ByteReader } from './byte-reader.ts';
import { Clipboard } from './clipboard.ts';
import { FenceFlag, MAX_FENCE_PAYLOAD, ServerMessage } from './constants.ts';
import * as encode from './encode.ts';
import { encodingList, type Abilities, type Choices, type Picture } from './encodings.ts';
import type { Area, RectangleDecoder, RfbOwner } from './events.ts';
import { handshake, type Credentials, type Parser } from './handshake.ts';
import { checkSize, readUpdate, type ScreenState } from './update.ts';

export interface SessionOptions extends Credentials, Picture, Choices {
  shared: boolean;
  viewOnly: boolean;
  abilities: Abilities;
}

/**
 * `advance()` reads what has arrived and gives how many bytes must be there before it can go on (at least 1), or a
 * promise to wait for. It throws a `RfbError` once the stream makes no sense; the session is over then.
 */
export class RfbSession {
  readonly #reader: ByteReader;
  readonly #decoder: RectangleDecoder;
  readonly #owner: RfbOwner;
  readonly #options: SessionOptions;
  readonly #clipboard: Clipboard;
  readonly #parser: Parser<never>;
  readonly #state: ScreenState = {
    width: 0,
    height: 0,
    screens: [],
    setDesktopSize: false,
    qemuKeys: false,
    extendedMouse: false,
    rectangles: 0,
    encodings: {},
  };
  #connected = false;
  #paused = false;
  #viewOnly: boolean;
  /** Back and forward, where they go as keys because the server has no such buttons. */
  #sideButtons = 0;
  #canContinue = false;
  #canFence = false;
  #picture: Picture;
  /** Answered together with the message that follows it. */
  #syncFence: Uint8Array<ArrayBuffer> | undefined;
  #wantedSize: { width: number; height: number; layout: readonly Area[] } | undefined;
  #resizePending = false;
  #sharpening = false;
  updates = 0;

  constructor(reader: ByteReader, decoder: RectangleDecoder, owner: RfbOwner, options: SessionOptions) {
    this.#reader = reader;
    this.#decoder = decoder;
    this.#owner = owner;
    this.#options = options;
    this.#viewOnly = options.viewOnly;
    this.#picture = options;
    this.#clipboard = new Clipboard(owner, options.clipboard ?? false, () => this.#mayInput());
    this.#parser = this.#run();
  }

  get rectangles(): number {
    return this.#state.rectangles;
  }

  /** How many of them came in which encoding. */
  get encodings(): Readonly<Record<number, number>> {
    return { ...this.#state.encodings };
  }

  advance(): number | Promise<void> {
    let need = 1;
    do {
      const step = this.#parser.next();
      if (step.done) throw new RfbError('internal');
      if (typeof step.value !== 'number') return step.value;
      need = step.value;
    } while (need <= this.#reader.available);
    return need;
  }

  key(down: boolean, keysym: number, xtCode: number): void {
    if (!this.#mayInput()) return;
    if (this.#state.qemuKeys && xtCode > 0) this.#owner.send(encode.qemuKeyEvent(down, keysym, xtCode));
    else if (keysym > 0) this.#owner.send(encode.keyEvent(down, keysym));
  }

  pointer(x: number, y: number, buttons: number): void {
    if (!this.#mayInput()) return;
    const { extendedMouse } = this.#state;
    this.#owner.send(encode.pointerEvent(x, y, buttons, extendedMouse));
    const side = extendedMouse ? 0 : buttons & ~0x7f;
    for (const { down, keysym, xtCode } of sideButtonKeys(this.#sideButtons, side)) this.key(down, keysym, xtCode);
    this.#sideButtons = side;
  }

  clipboard(text: string): void {
    this.#clipboard.send(text);
  }

  /**
   * Kept until the server has said that it can; one question at a time, only the newest waits. `layout`: where its
   * screens lie, if there is to be more than the one that fills it.
   */
  resize(width: number, height: number, layout: readonly Area[] = [{ x: 0, y: 0, width, height }]): void {
    if (this.#viewOnly) return;
    this.#wantedSize = { width, height, layout };
    this.#askForSize();
  }

  /** The whole picture anew. The request behind it gets pixels out of servers that answer the first one with a layout only. */
  refresh(): void {
    if (!this.#connected) return;
    this.#request(false);
    this.#request(true);
  }

  setPicture(picture: Picture): void {
    this.#picture = picture;
    this.#sharpening = false;
    if (!this.#connected) return;
    this.#sendEncodings();
    this.#request(true);
  }

  /**
   * This part of the picture once more, exactly. Until its pixels have come the server is asked for no approximation at
   * all. Gives whether it was asked for.
   */
  sharpen({ x, y, width, height }: Area): boolean {
    if (!this.#connected || this.#paused || this.#sharpening || this.#picture.quality === null) return false;
    this.#sharpening = true;
    this.#sendEncodings();
    this.#owner.send(encode.updateRequest(false, x, y, width, height));
    return true;
  }

  get sharpening(): boolean {
    return this.#sharpening;
  }

  /** Who only watches sends nothing, and sees the cursor that the server paints into the picture. */
  setViewOnly(viewOnly: boolean): void {
    if (viewOnly === this.#viewOnly) return;
    this.#viewOnly = viewOnly;
    if (!this.#connected) return;
    this.#sendEncodings();
    this.#request(true);
  }

  /** While nobody looks the server is asked for nothing. */
  pause(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    if (!this.#connected) return;
    if (this.#canContinue) this.#continuous(!paused);
    if (!paused) this.#request(true);
  }

  *#run(): Parser<never> {
    const reader = this.#reader;
    const init = yield* handshake(reader, this.#owner, this.#options.shared, this.#options);
    checkSize(init.width, init.height);
    this.#state.width = init.width;
    this.#state.height = init.height;
    this.#state.screens = [{ id: 0, x: 0, y: 0, width: init.width, height: init.height, flags: 0 }];
    this.#decoder.resize(init.width, init.height);
    this.#connected = true;
    this.#owner.event({ type: 'connected', ...init });
    this.#owner.send(encode.setPixelFormat());
    this.#sendEncodings();
    this.#request(false);
    for (;;) {
      if (reader.available < 1) yield 1;
      const answer = this.#syncFence;
      this.#syncFence = undefined;
      yield* this.#message(reader.u8());
      if (answer) this.#owner.send(answer);
    }
  }

  *#message(type: number): Parser<void> {
    const reader = this.#reader;
    switch (type) {
      case ServerMessage.framebufferUpdate:
        yield* this.#update();
        if (!this.#canContinue) this.#request(true);
        this.#owner.updated();
        return;
      case ServerMessage.setColourMapEntries:
        // Meaningless with true colour, yet some servers send it.
        yield 5;
        reader.skip(3);
        yield* skip(reader, reader.u16() * 6);
        return;
      case ServerMessage.bell:
        this.#owner.event({ type: 'bell' });
        return;
      case ServerMessage.serverCutText:
        yield* this.#clipboard.read(reader);
        return;
      case ServerMessage.endOfContinuousUpdates:
        if (this.#canContinue) return;
        this.#canContinue = true;
        this.capabilitiesChanged();
        if (!this.#paused) this.#continuous(true);
        return;
      case ServerMessage.fence:
        yield* this.#fence();
        return;
      default:
        throw new RfbError('rfb-protocol', { details: { message: type } });
    }
  }

  *#fence(): Parser<void> {
    const reader = this.#reader;
    yield 8;
    reader.skip(3);
    const flags = reader.u32();
    const length = reader.u8();
    if (length > MAX_FENCE_PAYLOAD) throw new RfbError('rfb-limit', { details: { what: 'fence' } });
    yield length;
    const payload = reader.copy(length);
    if (!this.#canFence) {
      this.#canFence = true;
      this.capabilitiesChanged();
    }
    if ((flags & FenceFlag.request) === 0) return;
    const understood = flags & (FenceFlag.blockBefore | FenceFlag.blockAfter | FenceFlag.syncNext);
    const answer = encode.fence(understood, payload);
    // Everything before it is decoded by now, since decoding happens in the wire's order.
    if ((flags & FenceFlag.syncNext) === 0) this.#owner.send(answer);
    else this.#syncFence = answer;
  }

  event(event: Parameters<RfbOwner['event']>[0]): void {
    this.#owner.event(event);
  }

  capabilitiesChanged(): void {
    const { setDesktopSize, qemuKeys, extendedMouse } = this.#state;
    this.#owner.event({
      type: 'capabilities',
      setDesktopSize,
      qemuKeys,
      extendedMouse,
      continuousUpdates: this.#canContinue,
      fence: this.#canFence,
    });
  }

  resized(reason: 'server' | 'client' | 'other-client', status: number): void {
    const { width, height, screens } = this.#state;
    if (reason === 'client') this.#resizePending = false;
    this.#owner.event({
      type: 'resize',
      width,
      height,
      screens: screens.map((screen) => ({ ...screen })),
      reason,
      status,
    });
    if (this.#canContinue && !this.#paused) {
      this.#continuous(true);
      this.#request(true);
    }
    this.#askForSize();
  }

  *#update(): Parser<void> {
    const before = this.#state.rectangles;
    yield* readUpdate(this.#reader, this.#state, this.#decoder, this);
    this.updates++;
    if (!this.#sharpening || this.#state.rectangles === before) return;
    this.#sharpening = false;
    this.#sendEncodings();
  }

  #mayInput(): boolean {
    return this.#connected && !this.#viewOnly;
  }

  #askForSize(): void {
    const wanted = this.#wantedSize;
    if (!wanted || !this.#connected || !this.#state.setDesktopSize || this.#resizePending) return;
    this.#wantedSize = undefined;
    const { width, height, screens } = this.#state;
    // One screen more or less is a change, too. Servers that know of none say that there is none.
    const sameScreens = screens.length <= 1 && wanted.layout.length === 1;
    if (wanted.width === width && wanted.height === height && (sameScreens || sameAreas(screens, wanted.layout)))
      return;
    this.#resizePending = true;
    this.#owner.send(encode.setDesktopSize(wanted.width, wanted.height, withIds(wanted.layout, screens)));
  }

  #sendEncodings(): void {
    const choices = { ...this.#options, cursor: !this.#viewOnly };
    const picture = this.#sharpening ? { ...this.#picture, quality: null } : this.#picture;
    this.#owner.send(encode.setEncodings(encodingList(picture, this.#options.abilities, choices)));
  }

  #request(incremental: boolean): void {
    if (this.#paused && incremental) return;
    const { width, height } = this.#state;
    this.#owner.send(encode.updateRequest(incremental, 0, 0, width, height));
  }

  #continuous(on: boolean): void {
    const { width, height } = this.#state;
    this.#owner.send(encode.enableContinuousUpdates(on, 0, 0, width, height));
  }
}

/** A screen keeps its id from left to right; a new one gets a number that none has. */
function withIds(layout: readonly Area[], screens: readonly encode.ScreenLayout[]): encode.ScreenLayout[] {
  const known = screens.toSorted((a, b) => a.x - b.x);
  const highest = Math.max(-1, ...screens.map(({ id }) => id));
  return layout.map((area, at) => ({
    ...area,
    id: known[at]?.id ?? Math.max(highest, known.length - 1) + 1 + at - known.length,
    flags: known[at]?.flags ?? 0,
  }));
}

function sameAreas(one: readonly Area[], other: readonly Area[]): boolean {
  const key = (areas: readonly Area[]) =>
    areas
      .map(({ x, y, width, height }) => `${x},${y},${width},${height}`)
      .toSorted()
      .join(' ');
  return key(one) === key(other);
}
