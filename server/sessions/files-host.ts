/** The host's side of files: questions over the link's control connection, the bytes over connections of their own. */
import type { Socket } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { CasementError } from '../../src/contract/errors.ts';
import { encodeText, writeBinary } from './frames.ts';
import { type ConnectionHandler, fromApiError } from './link-client.ts';
import type { FileClient, SessionFiles } from './port.ts';
import type { UserLink } from './user-link.ts';
import { HIGH_WATER } from './viewer.ts';
import { FileResults, type FilesCall, LinkFrame } from './wire.ts';

/** One connection of kind `file`, as a stream of Node's in the one or the other direction. */
export class FilePipe implements ConnectionHandler {
  #socket: Socket | undefined;
  #early: Buffer[] = [];
  #take: (piece: Buffer) => void = (piece) => this.#early.push(piece);
  #outcome: Error | 'done' | undefined;
  #told: ((outcome: Error | 'done') => void) | undefined;

  attach(socket: Socket): void {
    this.#socket = socket;
    socket.pause();
  }

  link(text: string): void {
    const frame = LinkFrame.safeParse(JSON.parse(text));
    if (!frame.success) return;
    if (frame.data.t === 'error') this.#end(fromApiError(frame.data.error));
    else if (frame.data.t === 'done') this.#end('done');
  }

  text(): void {
    // The link has nothing to say here.
  }

  binary(piece: Buffer): void {
    this.#take(piece);
  }

  closed(): void {
    this.#end(new CasementError('link-failed'));
  }

  /** Its last `write` is called back when the link has all of it. */
  writable(): Writable {
    const socket = this.#socket;
    if (!socket) throw new CasementError('link-failed');
    const stream = new Writable({
      highWaterMark: HIGH_WATER,
      write: (piece: Buffer, _encoding, next) => {
        writeBinary(socket, piece);
        if (socket.writableLength <= HIGH_WATER) next();
        else socket.once('drain', () => next());
      },
      final: (next) => {
        this.#told = (outcome) => next(outcome === 'done' ? undefined : outcome);
        if (this.#outcome) this.#told(this.#outcome);
        else socket.write(encodeText(JSON.stringify({ t: 'end' })));
      },
      destroy: (error, next) => {
        socket.destroy();
        next(error);
      },
    });
    this.#told = (outcome) => {
      if (outcome !== 'done') stream.destroy(outcome);
    };
    if (this.#outcome) this.#told(this.#outcome);
    socket.resume();
    return stream;
  }

  readable(): Readable {
    const socket = this.#socket;
    if (!socket) throw new CasementError('link-failed');
    const stream = new Readable({
      highWaterMark: HIGH_WATER,
      read: () => socket.resume(),
      destroy: (error, next) => {
        socket.destroy();
        next(error);
      },
    });
    this.#take = (piece) => {
      if (!stream.push(piece)) socket.pause();
    };
    this.#told = (outcome) => {
      if (outcome === 'done') stream.push(null);
      else stream.destroy(outcome);
    };
    for (const piece of this.#early.splice(0)) this.#take(piece);
    if (this.#outcome) this.#told(this.#outcome);
    return stream;
  }

  #end(outcome: Error | 'done'): void {
    // The first counts: a link that said what went wrong closes the connection after it.
    if (this.#outcome) return;
    this.#outcome = outcome;
    this.#told?.(outcome);
  }
}

/** `owner` finds the link of a session, or throws. */
export function hostFiles(owner: (id: string) => UserLink): SessionFiles {
  const ask = async <Name extends keyof typeof FileResults>(
    client: FileClient,
    op: Extract<FilesCall['op'], { do: Name }>,
  ) => {
    const { session, login, role } = client;
    const result = await owner(session).call('files', { client: { session, login, role }, op });
    const parsed = FileResults[op.do].safeParse(result);
    if (!parsed.success) throw new CasementError('link-failed', { cause: parsed.error });
    return parsed.data as ReturnType<(typeof FileResults)[Name]['parse']>;
  };
  return {
    list: (client, path) => ask<'list'>(client, { do: 'list', path }),
    begin: (client, upload) => ask<'begin'>(client, { do: 'begin', upload }),
    finish: (client, upload, exists) =>
      ask<'finish'>(client, { do: 'finish', upload, ...(exists === undefined ? {} : { exists }) }),
    async cancel(client, upload) {
      await ask<'cancel'>(client, { do: 'cancel', upload });
    },
    make: (client, folder, below) => ask<'make'>(client, { do: 'make', folder, below: [...below] }),
    find: (client, path) => ask<'find'>(client, { do: 'find', path }),
    async write({ session, login, role }, upload, offset) {
      const client = { session, login, role };
      return (await owner(session).openFile(client, { way: 'write', upload, offset })).writable();
    },
    async read({ session, login, role }, { path, tag }, offset, length) {
      const client = { session, login, role };
      return (await owner(session).openFile(client, { way: 'read', path, tag, offset, length })).readable();
    },
  };
}
