/** Files of the link's user, for those who are connected to one of their sessions and may have them. */
import type { Socket } from 'node:net';
import type { FileTransfer } from '../../src/contract/allowances.ts';
import { CasementError } from '../../src/contract/errors.ts';
import { findFile, readPieces } from './files-download.ts';
import { makeFolders } from './files-folders.ts';
import { listFolder } from './files-list.ts';
import { fileError } from './files-place.ts';
import { beginUpload, cancelUpload, finishUpload, UploadWriter } from './files-upload.ts';
import { FrameKind, writeBinary } from './frames.ts';
import type { LinkSession } from './link-session.ts';
import { rightsOf } from './role-filter.ts';
import { HIGH_WATER } from './viewer.ts';
import { type FileClient, FileEnd, type FilesCall, type FileStream } from './wire.ts';

type Direction = 'upload' | 'download';

const ALLOWED: Readonly<Record<FileTransfer, readonly Direction[]>> = {
  both: ['upload', 'download'],
  upload: ['upload'],
  download: ['download'],
  off: [],
};

/** The way of each question; a list serves both. */
const NEEDS: Readonly<Record<FilesCall['op']['do'], Direction | undefined>> = {
  list: undefined,
  begin: 'upload',
  finish: 'upload',
  cancel: 'upload',
  make: 'upload',
  find: 'download',
};

export interface LinkFilesOptions {
  /** @throws CasementError `session-unknown` */
  readonly session: (id: string) => Pick<LinkSession, 'status' | 'login' | 'allows'>;
  readonly home: string;
  readonly umask: number;
}

export interface Outcome {
  done(bytes: number): void;
  failed(error: unknown): void;
}

export class LinkFiles {
  readonly #options: LinkFilesOptions;

  constructor(options: LinkFilesOptions) {
    this.#options = options;
  }

  /**
   * Whose session it is, and in control of it: what a guest was given is the picture. `direction` absent: one of the two.
   *
   * @throws CasementError `session-unknown`, `session-not-running`, `files-off`
   */
  admit(client: FileClient, direction: Direction | undefined): void {
    const session = this.#options.session(client.session);
    if (session.status !== 'running') throw new CasementError('session-not-running');
    const allowed = ALLOWED[session.allows.fileTransfer];
    const fits = direction === undefined ? allowed.length > 0 : allowed.includes(direction);
    if (!fits || client.login !== session.login || rightsOf(client.role) !== 'all') {
      throw new CasementError('files-off');
    }
  }

  async call({ client, op }: FilesCall): Promise<unknown> {
    this.admit(client, NEEDS[op.do]);
    const { home, umask } = this.#options;
    switch (op.do) {
      case 'list':
        return listFolder(op.path, home);
      case 'begin':
        return beginUpload(op.upload, home);
      case 'finish':
        return finishUpload(op.upload, op.exists, home, umask);
      case 'cancel':
        return cancelUpload(op.upload, home);
      case 'make':
        return makeFolders(op.folder, op.below, home, umask);
      case 'find':
        return findFile(op.path, home);
    }
  }

  /** The bytes themselves, on a connection that has been welcomed. */
  carry(socket: Socket, stream: FileStream, outcome: Outcome) {
    if (stream.way === 'write') return receive(socket, stream, this.#options.home, outcome);
    send(socket, stream, this.#options.home).then(
      () => outcome.done(stream.length),
      (error: unknown) => outcome.failed(fileError(error)),
    );
    return { text: () => undefined, binary: () => undefined };
  }
}

/** A disk that is slower than the network holds the network up, and not this process's memory. */
function receive(socket: Socket, stream: Extract<FileStream, { way: 'write' }>, home: string, outcome: Outcome) {
  const opened = UploadWriter.open(stream.upload, stream.offset, home);
  let writer: UploadWriter | undefined;
  /** What came before the file was open; the socket is paused then. */
  let early: Buffer[] = [];
  let ended = false;
  socket.pause();
  const fail = (error: unknown) => {
    void writer?.close();
    outcome.failed(fileError(error));
  };
  const end = (one: UploadWriter) => {
    one.end().then(async (offset) => {
      await one.close();
      outcome.done(offset);
    }, fail);
  };
  opened.then((one) => {
    writer = one;
    one.onWritten = () => {
      if (one.failed) fail(one.failed);
      else if (one.queued <= HIGH_WATER / 4) socket.resume();
    };
    for (const piece of early) one.push(piece);
    early = [];
    if (ended) end(one);
    else socket.resume();
    // Whoever sent it is gone: what has arrived stays.
    socket.once('close', () => void one.close());
    if (socket.destroyed) void one.close();
  }, fail);
  return {
    text: (kind: number, text: string) => {
      if (kind !== FrameKind.text || !FileEnd.safeParse(JSON.parse(text)).success) return;
      ended = true;
      if (writer) end(writer);
    },
    binary: (piece: Buffer) => {
      if (!writer) {
        early.push(piece);
        return;
      }
      writer.push(piece);
      if (writer.queued > HIGH_WATER) socket.pause();
    },
  };
}

async function send(socket: Socket, stream: Extract<FileStream, { way: 'read' }>, home: string): Promise<void> {
  let before: Promise<void> = Promise.resolve();
  for await (const piece of readPieces(stream, home)) {
    const written = new Promise<void>((resolve) => {
      writeBinary(socket, piece, () => resolve());
    });
    // The buffer of the piece before is used again for the next one.
    await before;
    before = written;
    if (socket.destroyed) return;
  }
  await before;
}
