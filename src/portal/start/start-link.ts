/**
 * A link that opens the Start dialog: `/?start=BOOKMARK&param.NAME=VALUE…`. Whoever made it chose what is selected and
 * what the questions open with, and nothing else: only a person starts something, after having seen it.
 */
import { isParamName } from '../../contract/json.ts';

export interface StartLink {
  /** A bookmark's id; empty: whatever the dialog opens with. */
  readonly bookmark: string;
  /** Text by name, several where the name came several times. Nothing of it is sent unless a form asks for it. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

const PREFIX = 'param.';
/** Past these a link is not something that a person was given to click. */
const MAX_VALUES = 100;
const MAX_CHARACTERS = 4096;

/** Reads an address's query; `undefined` when it does not ask for a start. Never throws. */
export function readStartLink(search: string): StartLink | undefined {
  const query = new URLSearchParams(search);
  const bookmark = query.get('start');
  if (bookmark === null) return undefined;
  const texts = new Map<string, readonly string[]>();
  let left = MAX_VALUES;
  for (const [key, value] of query) {
    const name = key.slice(PREFIX.length);
    if (!key.startsWith(PREFIX) || !isParamName(name) || value.length > MAX_CHARACTERS || left-- <= 0) continue;
    texts.set(name, [...(texts.get(name) ?? []), value]);
  }
  return { bookmark: bookmark.slice(0, MAX_CHARACTERS), texts };
}

/** The link that opens the dialog at a bookmark; whoever opens it sees what is in it before anything starts. */
export function startLinkOf(bookmark: string, origin: string = window.location.origin): string {
  return `${origin}/?start=${encodeURIComponent(bookmark)}`;
}
