/** Calls to the server about files, with the key that this viewer's connection was given. */
import { ApiError } from '../../contract/errors.ts';
import {
  FILE_CALLS,
  FILES_PATH,
  type FileCall,
  type FileCallInput,
  type FileCallResult,
  OFFSET_HEADER,
  VIEWER_SCHEME,
} from '../../contract/files.ts';

/** What a call failed with: a code of the catalogue, or `offline` where nobody answered. */
export class FileError extends Error {
  readonly code: string;
  readonly details: unknown;

  constructor(code: string, message = '', details?: unknown) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

export interface FilesClient {
  call<Name extends FileCall>(name: Name, input: FileCallInput<Name>): Promise<FileCallResult<Name>>;
  /** Sends a piece; resolves when the server has all of it. `progress`: bytes of the piece that have left. */
  put(id: string, offset: number, piece: Blob, progress: (sent: number) => void, signal: AbortSignal): Promise<void>;
}

function failure(status: number, text: string): FileError {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const body =
    typeof json === 'object' && json !== null && 'error' in json ? ApiError.safeParse(json.error) : undefined;
  if (body?.success) return new FileError(body.data.name, body.data.message, body.data.details);
  // Of a proxy in between, which knows no codes of ours.
  return new FileError(status === 413 ? 'too-large' : 'offline');
}

export function createFilesClient(key: () => string): FilesClient {
  const authorization = () => `${VIEWER_SCHEME} ${key()}`;
  return {
    async call(name, input) {
      let response: Response;
      let text: string;
      try {
        response = await fetch(`${FILES_PATH}/${name}`, {
          method: 'POST',
          headers: { authorization: authorization(), 'content-type': 'application/json' },
          credentials: 'omit',
          cache: 'no-store',
          body: JSON.stringify(input),
        });
        text = await response.text();
      } catch {
        throw new FileError('offline');
      }
      if (!response.ok) throw failure(response.status, text);
      const answer: { result?: unknown } = JSON.parse(text);
      // The schema gives exactly what the call is typed with.
      return FILE_CALLS[name].result.parse(answer.result) as FileCallResult<typeof name>;
    },
    put(id, offset, piece, progress, signal) {
      return new Promise((resolve, reject) => {
        // Unlike `fetch` it tells how much has left; both read the file as they send it.
        const request = new XMLHttpRequest();
        request.open('PUT', `${FILES_PATH}/upload/${id}`);
        request.setRequestHeader('authorization', authorization());
        request.setRequestHeader('content-type', 'application/octet-stream');
        request.setRequestHeader(OFFSET_HEADER, String(offset));
        request.upload.addEventListener('progress', (event) => progress(event.loaded));
        request.addEventListener('load', () => {
          if (request.status === 200) resolve();
          else reject(failure(request.status, request.responseText));
        });
        request.addEventListener('error', () => reject(new FileError('offline')));
        request.addEventListener('abort', () => reject(new FileError('stopped')));
        signal.addEventListener('abort', () => request.abort());
        if (signal.aborted) reject(new FileError('stopped'));
        else request.send(piece);
      });
    },
  };
}
