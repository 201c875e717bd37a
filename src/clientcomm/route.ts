/** Which way a ClientComm message goes in the viewer: shown, opened, forwarded or refused. Decides; does nothing. */
import { MAX_DATA_BYTES, type ClientCommErrorName, type ClientCommMessage } from '../contract/clientcomm.ts';
import { parseDownload, type DownloadOffer } from './download.ts';
import { parseNotify, parseObject, type Notify } from './notify.ts';
import { parseUrl } from './url.ts';

export type Route =
  | { readonly kind: 'notify'; readonly notify: Notify }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'download'; readonly offer: DownloadOffer }
  /** To the page that embeds the viewer. `body` is the data, parsed when it is JSON. */
  | { readonly kind: 'forward'; readonly body: unknown }
  | { readonly kind: 'refuse'; readonly error: ClientCommErrorName };

/** `isReserved`: whether a type is spelled like a message of the viewer's own and so must not be forwarded. */
export function routeMessage(message: ClientCommMessage, isReserved: (type: string) => boolean): Route {
  const { type, data, number } = message;
  if (exceedsLimit(data)) return { kind: 'refuse', error: 'too-large' };
  switch (type) {
    case 'fx-notify':
      return { kind: 'notify', notify: parseNotify(data) };
    case 'fx-url': {
      const url = parseUrl(data);
      return url === undefined ? { kind: 'refuse', error: 'format' } : { kind: 'url', url };
    }
    case 'fx-download': {
      const offer = parseDownload(data);
      return offer === undefined ? { kind: 'refuse', error: 'format' } : { kind: 'download', offer };
    }
    case 'fx-share':
      return { kind: 'refuse', error: number !== 0 && !parseObject(data) ? 'format' : 'unhandled' };
    default:
      return isReserved(type) ? { kind: 'refuse', error: 'denied' } : { kind: 'forward', body: parseBody(data) };
  }
}

function parseBody(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}

/** An answer's data as text: text as it is, anything else as JSON. `undefined` when it cannot be written or is too long. */
export function answerData(result: unknown): string | undefined {
  let text: unknown;
  try {
    text = typeof result === 'string' ? result : JSON.stringify(result ?? null);
  } catch {
    return undefined;
  }
  return typeof text === 'string' && !exceedsLimit(text) ? text : undefined;
}

/** Whether data is over the contract's bytes of UTF-8; counts them only where the characters leave it open. */
export function exceedsLimit(data: string): boolean {
  if (data.length > MAX_DATA_BYTES) return true;
  return data.length * 3 > MAX_DATA_BYTES && new TextEncoder().encode(data).length > MAX_DATA_BYTES;
}
