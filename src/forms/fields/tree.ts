/** An admin's HTML as a tree, parsed as a browser parses a page, within limits that keep it cheap everywhere. */
import { defaultTreeAdapter, html as names, parse, type DefaultTreeAdapterTypes } from 'parse5';
import { finding, type Finding } from './finding.ts';
import { MAX_DEPTH, MAX_ELEMENTS, MAX_HTML_BYTES } from './limits.ts';

export type Element = DefaultTreeAdapterTypes.Element;
export type Node = DefaultTreeAdapterTypes.ChildNode;

const START = { line: 1, column: 1 };

class TooManyElements extends Error {}

/** Looked at before anything else is done with the text. */
export function tooBig(html: string): Finding | undefined {
  const bytes = html.length > MAX_HTML_BYTES ? html.length : new TextEncoder().encode(html).length;
  return bytes > MAX_HTML_BYTES ? finding('too-big', String(bytes), START) : undefined;
}

/** Returns the body, or the one finding because of which the form cannot be used. */
export function parseForm(html: string): { ok: true; body: Element } | { ok: false; finding: Finding } {
  let elements = 0;
  try {
    const document = parse(html, {
      scriptingEnabled: false,
      sourceCodeLocationInfo: true,
      treeAdapter: {
        ...defaultTreeAdapter,
        createElement(tagName, namespace, attributes) {
          if (++elements > MAX_ELEMENTS) throw new TooManyElements();
          return defaultTreeAdapter.createElement(tagName, namespace, attributes);
        },
      },
    });
    const root = document.childNodes.find(isElement);
    const body = root?.childNodes.filter(isElement).find((child) => child.tagName === 'body');
    // A page of frames has no body, and nothing in it that a form may have.
    if (!body) return { ok: true, body: defaultTreeAdapter.createElement('body', names.NS.HTML, []) };
    const deep = deepest(body);
    return deep ? { ok: false, finding: finding('too-deep', deep.tagName, position(deep)) } : { ok: true, body };
  } catch (error) {
    if (!(error instanceof TooManyElements)) throw error;
    return { ok: false, finding: finding('too-many-elements', String(MAX_ELEMENTS), START) };
  }
}

/** The first element that lies too deep. Level by level: a recursive walk would overflow on just what it looks for. */
function deepest(body: Element): Element | undefined {
  let level: Element[] = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return level[0];
    level = level.flatMap((element) => element.childNodes.filter(isElement));
  }
  return undefined;
}

export function isElement(node: { nodeName: string }): node is Element {
  return 'tagName' in node;
}

export function isHtml(element: Element): boolean {
  return element.namespaceURI === names.NS.HTML;
}

export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((attr) => attr.name === name)?.value;
}

export function has(element: Element, name: string): boolean {
  return attribute(element, name) !== undefined;
}

export function textOf(element: Element): string {
  let text = '';
  for (const child of element.childNodes) {
    if ('value' in child && child.nodeName === '#text') text += child.value;
    else if (isElement(child)) text += textOf(child);
  }
  return text;
}

/** Where the element begins in the admin's text; what the parser made up itself is put at the start. */
export function position(element: Element, attributeName?: string): { line: number; column: number } {
  const location = element.sourceCodeLocation;
  const at = (attributeName && location?.attrs?.[attributeName]) || location;
  return at ? { line: at.startLine, column: at.startCol } : START;
}
