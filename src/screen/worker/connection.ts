/** One connection from `open` to `closed`: line, session, decoder, painter and text frames, wired. */
import type { ErrorCode } from '../../contract/errors.ts';
import { RfbError } from '../../rfb/rfb-error.ts';
import { parsePartFrame, PartReceiver, PartSender } from '../../contract/parts.ts';
import type { Abilities } from '../../rfb/encodings.ts';
import type { RfbEvent, SecureStream, ServerKey } from '../../rfb/events.ts';
import { RfbSession } from '../../rfb/session.ts';
import type { OpenOptions, ScreenEvent } from '../types.ts';
import type { WasmDecoder } from './decoder.ts';
import { Intake } from './intake.ts';
import type { Painter } from './painter.ts';
import { Rectangles } from './rectangles.ts';
import { Sharpener } from './sharpener.ts';
import { connect, type Line } from './transport.ts';

/** Where the line broke by our own decision. */
const ABNORMAL = 1006;
const DEFAULT_COMPRESSION = 2;

export class Connection {
  readonly session: RfbSession;
  readonly #decoder: WasmDecoder;
  readonly #painter: Painter;
  readonly #emit: (event: ScreenEvent) => void;
  readonly #intake: Intake;
  readonly #rectangles: Rectangles;
  readonly #sharpener: Sharpener;
  readonly #parts = new PartReceiver();
  readonly #sender: PartSender;
  #line: Line | undefined;
  #secure: SecureStream | undefined;
  /** The key that somebody is asked about. */
  #asked: { fingerprint: string; answer: (accepted: boolean) => void } | undefined;
  #open = true;
  #updated = false;
  /** A first picture is complete. */
  #shown = false;
  bytesOut = 0;
  decodeMs = 0;

  constructor(
    options: OpenOptions,
    abilities: Abilities,
    decoder: WasmDecoder,
    painter: Painter,
    emit: (event: ScreenEvent) => void,
  ) {
    this.#decoder = decoder;
    this.#painter = painter;
    this.#emit = emit;
    this.#sender = new PartSender((frame) => this.#line?.send(frame));
    this.#rectangles = new Rectangles(decoder, () => painter.schedule());
    this.session = new RfbSession(
      decoder.reader,
      this.#rectangles,
      {
        send: (bytes) => this.#send(bytes),
        event: (event) => this.#event(event),
        ...(options.serverKeys || options.askServerKey ? { trust: (key) => this.#trust(options, key) } : {}),
        secure: (stream) => {
          this.#secure = stream;
          this.#intake.secure(stream);
        },
        updated: () => {
          this.#updated = true;
          this.#sharpener.updated();
          if (this.#shown || this.session.rectangles === 0) return;
          this.#shown = true;
          this.#painter.release();
        },
      },
      {
        shared: options.shared ?? true,
        viewOnly: options.viewOnly ?? false,
        quality: options.quality ?? null,
        compression: options.compression ?? DEFAULT_COMPRESSION,
        abilities,
        ...(options.password === undefined ? {} : { password: options.password }),
        ...(options.username === undefined ? {} : { username: options.username }),
        ...(options.fineQuality === undefined ? {} : { fineQuality: options.fineQuality }),
        ...(options.subsampling === undefined ? {} : { subsampling: options.subsampling }),
        ...(options.encodings === undefined ? {} : { encodings: options.encodings }),
        ...(options.plainJpeg === undefined ? {} : { plainJpeg: options.plainJpeg }),
        ...(options.clipboard === undefined ? {} : { clipboard: options.clipboard }),
      },
    );
    this.#intake = new Intake(decoder, this.session);
    this.#rectangles.reset();
    this.#sharpener = new Sharpener(this.#rectangles.lossy, this.session);
    try {
      this.#line = connect(options.transport, {
        opened: () => {
          if (options.hello !== undefined) this.#line?.send(options.hello);
        },
        binary: (bytes) => this.#binary(bytes),
        text: (text) => this.#text(text),
        closed: (code, reason) => this.#closed(code, reason),
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  get bytesIn(): number {
    return this.#intake.bytes;
  }

  answerServerKey(fingerprint: string, accepted: boolean): void {
    if (this.#asked?.fingerprint === fingerprint) this.#asked.answer(accepted);
  }

  sendText(json: string): void {
    if (this.#open) this.#sender.send(json);
  }

  /** While nobody looks the server is asked for nothing. */
  pause(paused: boolean): void {
    this.session.pause(paused);
    if (!paused) this.#sharpener.updated();
  }

  /** Ends it without a word; the page's side has said `closed` already. */
  close(): void {
    this.#open = false;
    this.#sharpener.dispose();
    this.#intake.close();
    this.#rectangles.reset();
    this.#line?.close();
  }

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    const sent = this.#secure ? this.#secure.seal(bytes) : bytes;
    this.bytesOut += sent.length;
    this.#line?.send(sent);
  }

  #trust(options: OpenOptions, key: ServerKey): Promise<void> {
    if (options.serverKeys?.includes(key.fingerprint)) return Promise.resolve();
    const refused = new RfbError('rfb-server-key', { details: { ...key } });
    if (!options.askServerKey) return Promise.reject(refused);
    return new Promise((resolve, reject) => {
      const answer = (accepted: boolean): void => {
        this.#asked = undefined;
        if (accepted) resolve();
        else reject(refused);
      };
      this.#asked = { fingerprint: key.fingerprint, answer };
      this.#emit({ type: 'server-key', key });
    });
  }

  #binary(bytes: Uint8Array): void {
    if (!this.#open) return;
    const start = performance.now();
    try {
      this.#intake.push(bytes)?.then(
        () => this.#show(),
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
    this.decodeMs += performance.now() - start;
    this.#show();
  }

  #show(): void {
    if (this.#painter.damage.empty) return;
    if (this.#updated && this.#decoder.reader.available === 0) this.#painter.whenIdle();
    this.#painter.schedule();
    this.#updated = false;
  }

  #event(event: RfbEvent): void {
    if (event.type === 'connected') {
      this.#painter.screens = [];
      this.#painter.resized(this.#decoder);
      this.#painter.hold();
    } else if (event.type === 'resize') {
      this.#painter.screens = event.screens;
      this.#painter.resizedIfChanged(this.#decoder);
    }
    this.#emit(event);
  }

  #text(text: string): void {
    if (!this.#open) return;
    const part = parsePartFrame(text);
    if (part === undefined) {
      this.#emit({ type: 'text', text });
      return;
    }
    if (part.t === 'part.ack') {
      this.#sender.acknowledged();
      return;
    }
    try {
      const whole = this.#parts.receive(part);
      this.#line?.send(JSON.stringify({ t: 'part.ack', id: part.id, i: part.i }));
      if (whole !== undefined) this.#emit({ type: 'text', text: whole });
    } catch (cause) {
      this.#fail(new RfbError('rfb-protocol', { cause, details: { reason: 'parts out of order' } }));
    }
  }

  #closed(code: number, reason: string, error?: { code: ErrorCode; detail: string }): void {
    if (!this.#open) return;
    this.#open = false;
    this.#sharpener.dispose();
    // What has come is shown, so that the last picture is the last picture.
    this.#painter.paint();
    this.#emit({ type: 'closed', code, reason, ...(error ? { error } : {}) });
  }

  #fail(cause: unknown): void {
    const known = cause instanceof RfbError;
    const code = known ? cause.code : 'internal';
    const detail = known ? JSON.stringify(cause.details ?? {}) : String(cause);
    this.#closed(ABNORMAL, code, { code, detail });
    this.#line?.close();
  }
}
