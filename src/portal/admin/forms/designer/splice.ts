/** Changes of a text by position, so that whatever is not meant stays as its author wrote it, to the letter. */
import { attribute, type Element } from '../../../../forms/fields/tree.ts';

export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Applies changes that do not overlap, in any order. */
export function splice(text: string, changes: readonly Splice[]): string {
  let result = text;
  for (const { from, to, text: inserted } of changes.toSorted((a, b) => b.from - a.from || b.to - a.to)) {
    result = result.slice(0, from) + inserted + result.slice(to);
  }
  return result;
}

/** Two stretches that do not overlap change places. */
export function swap(text: string, a: Stretch, b: Stretch): string {
  return splice(text, [
    { ...a, text: text.slice(b.from, b.to) },
    { ...b, text: text.slice(a.from, a.to) },
  ]);
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

export function escapeValue(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}

/** The element's place in the text; elements that the parser made up have none. */
export function stretchOf(element: Element): Stretch | undefined {
  const location = element.sourceCodeLocation;
  return location ? { from: location.startOffset, to: location.endOffset } : undefined;
}

/** Between start and end tag. */
export function contentOf(element: Element): Stretch | undefined {
  const location = element.sourceCodeLocation;
  if (!location?.startTag) return undefined;
  return { from: location.startTag.endOffset, to: location.endTag?.startOffset ?? location.endOffset };
}

/** `null` takes the attribute away, `true` writes it without a value. */
export function setAttribute(text: string, element: Element, name: string, value: string | true | null): Splice[] {
  const location = element.sourceCodeLocation;
  const present = location?.attrs?.[name];
  if (!location?.startTag) return [];
  const written = value === true ? name : `${name}="${escapeValue(value ?? '')}"`;
  if (present) {
    if (value !== null && attribute(element, name) === (value === true ? '' : value)) return [];
    if (value !== null) return [{ from: present.startOffset, to: present.endOffset, text: written }];
    let from = present.startOffset;
    while (/\s/.test(text.charAt(from - 1))) from--;
    return [{ from, to: present.endOffset, text: '' }];
  }
  if (value === null) return [];
  const behindName = location.startTag.startOffset + 1 + element.tagName.length;
  return [{ from: behindName, to: behindName, text: ` ${written}` }];
}
