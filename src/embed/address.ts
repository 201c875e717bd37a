/** The viewer's address: one JSON object in base64, in the fragment. */
import type { ViewerUi } from './types.ts';

/** Adds wishes about the viewer's looks to the data of an address that has some; one without is left as it is. */
export function withUi(url: URL, ui: ViewerUi): URL {
  if (url.hash.length < 2 || Object.keys(ui).length === 0) return url;
  const data = decode(url.hash.slice(1));
  // An address that cannot be read is for the viewer to say so.
  if (data === undefined) return url;
  const changed = new URL(url);
  changed.hash = encode({ ...data, ui: { ...asObject(data['ui']), ...ui } });
  return changed;
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

function decode(text: string): Record<string, unknown> | undefined {
  try {
    const binary = atob(decodeURIComponent(text).replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    return asObject(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return undefined;
  }
}

function encode(data: object): string {
  const binary = Array.from(new TextEncoder().encode(JSON.stringify(data)), (byte) => String.fromCharCode(byte));
  return btoa(binary.join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
