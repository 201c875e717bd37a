/** `fx-download` (contract section 5): the file that a script offers, from a path or `{path, name?}`. */
import { parseObject } from './notify.ts';

/** Characters. */
const MAX_PATH_LENGTH = 16 * 1024;

export interface DownloadOffer {
  readonly path: string;
  /** What the person's file is to be called. */
  readonly name?: string;
}

export function parseDownload(data: string): DownloadOffer | undefined {
  const object = parseObject(data);
  // The line break that `echo` puts behind it is no part of the path.
  const path = object ? object['path'] : data.replace(/\n$/, '');
  if (typeof path !== 'string' || path === '' || path.length > MAX_PATH_LENGTH || path.includes('\0')) return undefined;
  const name = object?.['name'];
  return typeof name === 'string' && name !== '' ? { path, name: name.slice(0, 255) } : { path };
}
