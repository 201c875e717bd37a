/**
 * `/files/…`: a viewer's files. A viewer in somebody else's page has no cookie of ours, so what counts here is the key
 * that its connection was given, in a header that no other page can make a browser send. Each call asks anew what the
 * login may do; profile and role are checked once more by the link. The bytes go from stream to stream.
 */
import { pipeline } from 'node:stream/promises';
import { Transform, type Readable, type Writable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CasementError } from '../../src/contract/errors.ts';
import {
  FILE_CALLS,
  type FileCall,
  type FileCallInput,
  type FileCallResult,
  FILES_PATH,
  type IfExists,
  MAX_CHUNK,
  OFFSET_HEADER,
  type UploadDone,
  VIEWER_SCHEME,
} from '../../src/contract/files.ts';
import type { FilesGrant } from '../../src/contract/files-grant.ts';
import type { Role, Session } from '../../src/contract/session.ts';
import type { Caller } from '../auth/port.ts';
import type { HttpContext } from './context.ts';
import { toCasementError } from './errors.ts';
import { disposition, downloadName, parseRange } from './files-range.ts';
import { type DownloadTransfer, type FileHolder, FileRights, type UploadTransfer } from './files-rights.ts';

type Direction = 'upload' | 'download';
type Handlers = {
  readonly [Name in FileCall]: (
    holder: FileHolder,
    input: FileCallInput<Name>,
    request: FastifyRequest,
  ) => Promise<FileCallResult<Name>>;
};

const NEEDS: { readonly [Name in FileCall]: Direction | undefined } = {
  list: undefined,
  begin: 'upload',
  finish: 'upload',
  cancel: 'upload',
  make: 'upload',
  offer: 'download',
  progress: 'download',
  stop: 'download',
};
const NAMES = Object.keys(FILE_CALLS) as FileCall[];
const IN_CONTROL: readonly Role[] = ['master', 'controller'];
const NO_STORE = { 'cache-control': 'no-store' } as const;

export interface Files {
  /** For a viewer that is connected now; `undefined` where nothing may be transferred. */
  grant(
    session: Session,
    caller: Caller,
    holder: FileHolder,
  ): { readonly grant: FilesGrant; lost(): void; over(): void } | undefined;
}

function keyOf(request: FastifyRequest): string | undefined {
  const [scheme, key] = (request.headers.authorization ?? '').split(' ');
  return scheme === VIEWER_SCHEME ? key : undefined;
}

function member(request: FastifyRequest, name: string): string {
  const params = new Map(Object.entries(Object(request.params)));
  const value = params.get(name);
  return typeof value === 'string' ? value : '';
}

export function registerFiles(app: FastifyInstance, context: HttpContext): Files {
  const { auth, host, policy } = context;
  const rights = new FileRights(context.now);
  const forget = auth.onRevoked((jti) => rights.dropLogin(jti));
  app.addHook('onClose', async () => forget());

  const audit = (request: FastifyRequest, event: Direction, holder: FileHolder, detail: string, outcome = 'ok') =>
    policy.audit.record({ event, login: holder.login, address: request.ip, target: holder.session, detail, outcome });

  /** As the rules are now. @throws CasementError */
  async function allow(holder: FileHolder, direction: Direction | undefined): Promise<void> {
    const caller = await auth.current(holder.jti);
    const wanted: readonly Direction[] = direction === undefined ? ['upload', 'download'] : [direction];
    const refusals = wanted.map((action) => auth.refuses(caller, action));
    if (refusals.every((refusal) => refusal !== undefined)) throw new CasementError(refusals[0] ?? 'forbidden');
    const session = host.get(holder.session);
    if (!session || session.login !== holder.login) throw new CasementError('session-unknown');
    if (session.status !== 'running') throw new CasementError('session-not-running');
  }

  /** Ends `end` when the login, the permission or the viewer's right does. Returns the way to stop watching. */
  function guard(holder: FileHolder, direction: Direction, end: () => void): () => void {
    const stops = [auth.watch(holder.jti, direction, end), rights.running(holder, end)];
    return () => {
      for (const stop of stops) stop();
    };
  }

  const sizeText = (name: string, size: number) => `${JSON.stringify(name)}, ${size} bytes`;

  async function finish(
    transfer: UploadTransfer,
    holder: FileHolder,
    exists: IfExists | undefined,
    request: FastifyRequest,
  ): Promise<UploadDone> {
    const { upload } = transfer;
    const detail = sizeText(upload.name, upload.size);
    try {
      const done = await host.files.finish(holder, upload, exists);
      transfer.done = done;
      const note = exists === 'replace' ? `${detail}, replacing` : detail;
      audit(request, 'upload', holder, done.name === upload.name ? note : `${note}, as ${JSON.stringify(done.name)}`);
      return done;
    } catch (error) {
      const { code } = toCasementError(error);
      // A question to the person, and no outcome yet.
      if (code !== 'file-exists') audit(request, 'upload', holder, detail, code);
      throw error;
    }
  }

  const handlers: Handlers = {
    list: (holder, { path }) => host.files.list(holder, path),
    async begin(holder, upload) {
      const begun = await host.files.begin(holder, upload);
      return { ...begun, id: rights.begin(holder, upload) };
    },
    async finish(holder, { id, exists }, request) {
      const transfer = rights.upload(holder, id);
      // Asked again by somebody who has not heard the answer.
      if (transfer.done) return transfer.done;
      transfer.finishing ??= finish(transfer, holder, exists, request).finally(() => {
        transfer.finishing = undefined;
      });
      return transfer.finishing;
    },
    async cancel(holder, { id }) {
      await host.files.cancel(holder, rights.upload(holder, id).upload);
      rights.finished(id);
      return null;
    },
    make: (holder, { folder, below }) => host.files.make(holder, folder, below),
    async offer(holder, { path, name }, request) {
      try {
        const file = await host.files.find(holder, path);
        const called = downloadName(name === undefined || name === '' ? file.name : name);
        const { token, transfer } = rights.offer(holder, file, called);
        const url = `${FILES_PATH}/get/${token}/${encodeURIComponent(called)}`;
        return { id: transfer.id, url, name: called, size: file.size };
      } catch (error) {
        audit(request, 'download', holder, JSON.stringify(path), toCasementError(error).code);
        throw error;
      }
    },
    async progress(holder, { id }) {
      const { state, sent, file } = rights.download(holder, id);
      return { state, sent, size: file.size };
    },
    async stop(holder, { id }) {
      rights.stop(rights.download(holder, id));
      return null;
    },
  };

  for (const name of NAMES) {
    app.post(
      `${FILES_PATH}/${name}`,
      { schema: { hide: true, body: FILE_CALLS[name].input } },
      async (request, reply) => {
        const holder = rights.holder(keyOf(request));
        await allow(holder, NEEDS[name]);
        // The table ties each name to its input, and validation has just checked it.
        const handle = handlers[name] as (
          holder: FileHolder,
          input: unknown,
          request: FastifyRequest,
        ) => Promise<unknown>;
        return reply.headers(NO_STORE).send({ result: await handle(holder, request.body, request) });
      },
    );
  }

  // In a room of its own, so that no other route takes bodies of this kind.
  void app.register(async (room) => {
    room.addContentTypeParser('application/octet-stream', (_request, _body, done) => done(null));
    room.put(`${FILES_PATH}/upload/:id`, { schema: { hide: true }, bodyLimit: MAX_CHUNK }, async (request, reply) => {
      const key = keyOf(request);
      const holder = rights.holder(key);
      await allow(holder, 'upload');
      const { upload } = rights.upload(holder, member(request, 'id'));
      const offset = Number(request.headers[OFFSET_HEADER]);
      const length = Number(request.headers['content-length']);
      if (!Number.isSafeInteger(offset) || offset < 0) {
        throw new CasementError('bad-request', { details: { field: OFFSET_HEADER } });
      }
      if (!(length <= MAX_CHUNK)) throw new CasementError('too-large');
      const leave = rights.occupy(key);
      try {
        const writable = await host.files.write(holder, upload, offset);
        const stop = guard(holder, 'upload', () => writable.destroy(new CasementError('files-off')));
        try {
          await pour(request.raw, writable);
        } finally {
          stop();
        }
        return await reply.headers(NO_STORE).send({ result: { offset: offset + length } });
      } finally {
        // What is not read any more must not hold the answer up.
        request.raw.resume();
        leave();
      }
    });
  });

  app.get(`${FILES_PATH}/get/:token/:name`, { schema: { hide: true } }, async (request, reply) => {
    const transfer = rights.take(member(request, 'token'));
    const { holder, file } = transfer;
    await allow(holder, 'download');
    const etag = `"${file.tag}"`;
    const ifRange = request.headers['if-range'];
    const range = ifRange === undefined || ifRange === etag ? parseRange(request.headers.range, file.size) : undefined;
    reply.headers({
      ...NO_STORE,
      'accept-ranges': 'bytes',
      etag,
      'content-disposition': disposition(transfer.name),
      'content-type': 'application/octet-stream',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    if (range === 'unsatisfiable') {
      return reply.code(416).header('content-range', `bytes */${file.size}`).send();
    }
    const { from, length } = range ?? { from: 0, length: file.size };
    reply.code(range ? 206 : 200).header('content-length', length);
    if (range) reply.header('content-range', `bytes ${from}-${from + length - 1}/${file.size}`);
    if (request.method === 'HEAD') return reply.send();
    return reply.send(await carry(transfer, request, from, length));
  });

  async function carry(transfer: DownloadTransfer, request: FastifyRequest, from: number, length: number) {
    const { holder, file } = transfer;
    const first = transfer.state === 'waiting';
    if (transfer.streams.size >= 4) throw new CasementError('busy');
    let source: Readable | undefined;
    let over = false;
    const end = () => {
      over = true;
      source?.destroy(new CasementError('files-off'));
    };
    // Before the session is asked, which may take its time: meanwhile it may be stopped, or the right to it end.
    const stop = guard(holder, 'download', end);
    transfer.streams.add(end);
    const leave = () => {
      stop();
      transfer.streams.delete(end);
    };
    try {
      source = await host.files.read(holder, file, from, length);
      if (over) {
        source.destroy();
        throw new CasementError('files-off');
      }
    } catch (error) {
      leave();
      throw error;
    }
    transfer.sent = from;
    rights.started(transfer);
    if (first) audit(request, 'download', holder, sizeText(pathOf(file.path), file.size));
    const counted = new Transform({
      transform(piece: Buffer, _encoding, next) {
        transfer.sent += piece.length;
        next(null, piece);
      },
    });
    pipeline(source, counted)
      .catch((error: unknown) => request.log.info({ code: toCasementError(error).code }, 'a download broke off'))
      .finally(() => {
        leave();
        if (transfer.streams.size === 0) rights.paused(transfer);
      });
    return counted;
  }

  return {
    grant(session, caller, holder) {
      if (!IN_CONTROL.includes(holder.role) || session.login !== holder.login) return undefined;
      const profile = session.allows?.fileTransfer ?? 'both';
      const may = (direction: Direction) =>
        (profile === 'both' || profile === direction) && auth.refuses(caller, direction) === undefined;
      const [up, down] = [may('upload'), may('download')];
      if (!up && !down) return undefined;
      const { key, lost, over } = rights.give(holder);
      return { grant: { key, transfer: up && down ? 'both' : up ? 'upload' : 'download' }, lost, over };
    },
  };
}

/** As a pipeline, but that a writer's failure leaves the reader alone: the answer still goes out on its socket. */
function pour(from: Readable, into: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = () => into.destroy(new CasementError('disconnected'));
    from.once('aborted', gone);
    from.once('error', gone);
    into.once('finish', resolve);
    // While the session was asked; it would be told of no more.
    if (from.destroyed) gone();
    into.once('error', (error) => {
      from.unpipe(into);
      reject(error);
    });
    from.pipe(into);
  });
}

/** Lone surrogates are no text for a list. */
const pathOf = (path: string) => path.replaceAll(/\p{Surrogate}/gu, '\ufffd');
