/** `fx-url`: the address to open, from text or `{url}` (seeds 002 and 003, contract section 5). */
import { parseObject } from './notify.ts';

/** Everything else could run script or reach into the visitor's own machine. */
const SCHEMES: readonly string[] = ['http:', 'https:', 'mailto:'];
/** Characters. Longer ones are cut short or refused by browsers and servers alike. */
const MAX_URL_LENGTH = 32 * 1024;

/** The address in its normal form, or `undefined` when it is none or of a scheme that is not opened. */
export function parseUrl(data: string): string | undefined {
  const object = parseObject(data);
  const text = object ? object['url'] : data;
  if (typeof text !== 'string' || text.length > MAX_URL_LENGTH || !URL.canParse(text.trim())) return undefined;
  const url = new URL(text.trim());
  return SCHEMES.includes(url.protocol) ? url.href : undefined;
}
