/** What goes over: kinds that fit, images that decode, and a mark by which the same content is known again. */
import { type ClipKind, MAX_CLIP_BYTES } from '../../contract/clipboard.ts';
import type { LocalContent } from './clipboard-transfer.ts';

/** A few kilobytes can decode to gigabytes. */
const MAX_PIXELS = 64 * 1024 * 1024;
/** Images beyond this are compared by a smaller picture of them. */
const COMPARED_PIXELS = 4096 * 2160;

export type ClipProblem =
  | { readonly what: 'too-large'; readonly kind: ClipKind; readonly bytes: number }
  | { readonly what: 'image' };

export interface Checked {
  /** Without what does not fit or decode. */
  readonly content: LocalContent;
  readonly problems: readonly ClipProblem[];
  /** The same for the same content, whichever program wrote it down. Empty for none. */
  readonly mark: string;
}

export async function check(content: LocalContent): Promise<Checked> {
  const problems: ClipProblem[] = [];
  const kept: { text?: string; html?: string; png?: Blob } = {};
  for (const kind of ['text', 'html'] as const) {
    const value = content[kind];
    if (!value) continue;
    // A first look without encoding it: 100 MiB would take as much again.
    const bytes = value.length > MAX_CLIP_BYTES ? value.length : new TextEncoder().encode(value).length;
    if (bytes > MAX_CLIP_BYTES) problems.push({ what: 'too-large', kind, bytes });
    else kept[kind] = value;
  }
  let pixels = '';
  if (content.png) {
    if (content.png.size > MAX_CLIP_BYTES) {
      problems.push({ what: 'too-large', kind: 'png', bytes: content.png.size });
    } else {
      const found = await pixelsOf(content.png);
      if (found === undefined) problems.push({ what: 'image' });
      else {
        kept.png = content.png;
        pixels = found;
      }
    }
  }
  // Browsers tidy HTML up, and with it the mark would change; what is read is the text.
  const words = (kept.text ?? kept.html ?? '').replaceAll('\r\n', '\n');
  const mark = words ? `text ${words.length} ${hashOf(words)}` : pixels;
  return { content: kept, problems, mark };
}

export async function toBytes({ text, html, png }: LocalContent): Promise<Map<ClipKind, Uint8Array>> {
  const bytes = new Map<ClipKind, Uint8Array>();
  if (text) bytes.set('text', new TextEncoder().encode(text));
  if (html) bytes.set('html', new TextEncoder().encode(html));
  if (png) bytes.set('png', new Uint8Array(await png.arrayBuffer()));
  return bytes;
}

/** Undefined: it is no image, or none that could be shown. */
async function pixelsOf(png: Blob): Promise<string | undefined> {
  const head = new DataView(await png.slice(0, 24).arrayBuffer());
  if (head.byteLength < 24 || head.getUint32(0) !== 0x89504e47) return undefined;
  if (head.getUint32(16) * head.getUint32(20) > MAX_PIXELS) return undefined;
  try {
    const bitmap = await createImageBitmap(png);
    const { width, height } = bitmap;
    const scale = Math.min(1, Math.sqrt(COMPARED_PIXELS / (width * height)));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.floor(width * scale));
    canvas.height = Math.max(1, Math.floor(height * scale));
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const data = context?.getImageData(0, 0, canvas.width, canvas.height).data;
    return `image ${width} ${height} ${data ? hashOfWords(new Uint32Array(data.buffer)) : ''}`;
  } catch {
    return undefined;
  }
}

/** FNV-1a. Nobody is kept out by it; two copies only have to differ. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function hashOfWords(words: Uint32Array): number {
  let hash = 0x811c9dc5;
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
  return hash >>> 0;
}
