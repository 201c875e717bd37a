/**
 * The boundary: what an admin wrote becomes a fragment that can do nothing but look and be filled in. DOMPurify parses
 * and walks; the list is ours. The fragment is used as it is, never serialised and parsed again.
 */
import createPurifier, { type Config, type DOMPurify } from 'dompurify';
import {
  ALLOWED_ATTRIBUTES,
  ALLOWED_ELEMENTS,
  ID_REFERENCES,
  isAllowedAttribute,
  NAME_PREFIX,
  REMOVED_INPUT_TYPES,
  REMOVED_WITH_CONTENT,
} from '../fields/allow-list.ts';
import { isAllowedClass, splitClasses } from '../fields/classes.ts';
import type { FindingCode } from '../fields/finding.ts';
import { MAX_DEPTH, MAX_ELEMENTS, MAX_HTML_BYTES } from '../fields/limits.ts';
import { isHiddenName, straightenForParser } from '../fields/quotes.ts';

declare const safe: unique symbol;
/** A fragment that came out of `sanitizeForm`. Nothing else can be shown as a form. */
export type SafeFragment = DocumentFragment & { readonly [safe]: true };

/** What was left out. The lines are the editor's business: see `lintForm`, which needs no browser. */
export interface Removed {
  readonly code: FindingCode;
  readonly subject: string;
}

export interface Sanitized {
  readonly fragment: SafeFragment;
  readonly findings: readonly Removed[];
}

/** Every option that decides something is said, so that no polluted prototype can say it. */
const CONFIG: Config & { RETURN_DOM_FRAGMENT: true } = {
  ALLOWED_TAGS: [...ALLOWED_ELEMENTS],
  ALLOWED_ATTR: [...ALLOWED_ATTRIBUTES],
  // None of them holds an address, so a colon in a placeholder is no reason to drop it.
  ADD_URI_SAFE_ATTR: [...ALLOWED_ATTRIBUTES],
  FORBID_CONTENTS: [...REMOVED_WITH_CONTENT],
  FORBID_TAGS: [],
  FORBID_ATTR: ['style'],
  ALLOWED_NAMESPACES: ['http://www.w3.org/1999/xhtml'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOW_UNKNOWN_PROTOCOLS: false,
  ALLOW_SELF_CLOSE_IN_ATTR: true,
  CUSTOM_ELEMENT_HANDLING: {
    tagNameCheck: null,
    attributeNameCheck: null,
    allowCustomizedBuiltInElements: false,
  },
  FORCE_BODY: true,
  KEEP_CONTENT: true,
  IN_PLACE: false,
  SAFE_FOR_TEMPLATES: false,
  SAFE_FOR_XML: true,
  SANITIZE_DOM: true,
  SANITIZE_NAMED_PROPS: true,
  WHOLE_DOCUMENT: false,
  RETURN_DOM: false,
  RETURN_DOM_FRAGMENT: true,
  RETURN_TRUSTED_TYPE: false,
};

/** A control whose type is not allowed: marked with a type that stands for nothing else, and removed afterwards. */
const REMOVED_TYPE = 'hidden';

let purifier: DOMPurify | undefined;
let findings: Removed[] = [];

/** One private instance: hooks and configuration of others in the page do not reach it. */
function getPurifier(): DOMPurify {
  if (purifier) return purifier;
  purifier = createPurifier(window);
  purifier.addHook('uponSanitizeAttribute', (node, data) => {
    const element = node.localName;
    const { attrName: name, attrValue: value } = data;
    if (name === 'class') {
      const classes = splitClasses(value);
      const kept = classes.filter((one) => isAllowedClass(element, one));
      for (const one of classes) if (!kept.includes(one)) findings.push({ code: 'class-removed', subject: one });
      data.attrValue = kept.join(' ');
      data.keepAttr = kept.length > 0;
    } else if (element === 'input' && name === 'type' && REMOVED_INPUT_TYPES.includes(value.toLowerCase())) {
      findings.push({ code: 'type-removed', subject: value });
      data.attrValue = REMOVED_TYPE;
    } else if (!isAllowedAttribute(element, name, value)) {
      data.keepAttr = false;
    } else if (ID_REFERENCES.includes(name)) {
      data.attrValue = splitClasses(value)
        .map((id) => (id.startsWith(NAME_PREFIX) ? id : NAME_PREFIX + id))
        .join(' ');
    }
  });
  return purifier;
}

/** Never throws; a form that is beyond the limits becomes an empty fragment and one finding. */
export function sanitizeForm(html: string): Sanitized {
  const tooMuch = beyondLimits(html);
  if (tooMuch) return { fragment: emptyFragment(), findings: [tooMuch] };
  findings = [];
  const purifier = getPurifier();
  // jsdom gives nothing at all for a page of frames.
  let result: DocumentFragment | null;
  try {
    result = purifier.sanitize(straightenForParser(html), CONFIG);
  } catch (error) {
    // It refuses by throwing: what it could not take apart, or what overflows the stack of a document that is too deep.
    const code = error instanceof RangeError ? 'too-deep' : 'refused';
    return { fragment: emptyFragment(), findings: [{ code, subject: '' }] };
  }
  for (const removed of purifier.removed.map(describeRemoved))
    if (!isHiddenName(removed.subject)) findings.push(removed);
  const fragment = result ?? document.createDocumentFragment();
  const problem = shapeProblem(fragment);
  if (problem) return { fragment: emptyFragment(), findings: [problem] };
  tame(fragment);
  return { fragment: asSafe(fragment), findings };
}

function describeRemoved(removed: DOMPurify['removed'][number]): Removed {
  if ('element' in removed) {
    // Asked of the prototype: a form may hold an input named "nodeName", which then stands in its place.
    const name: unknown = Reflect.get(Node.prototype, 'nodeName', removed.element);
    return { code: 'element-removed', subject: String(name).toLowerCase() };
  }
  return { code: 'attribute-removed', subject: removed.attribute?.name ?? '' };
}

/** What the list alone cannot say. */
function tame(fragment: DocumentFragment): void {
  for (const input of fragment.querySelectorAll('input')) {
    if (input.getAttribute('type') === REMOVED_TYPE) {
      input.remove();
      continue;
    }
    // Values go in by property: an attribute can be read by a stylesheet. Ticking needs no value to be typed.
    if (input.type !== 'checkbox' && input.type !== 'radio') input.removeAttribute('value');
    // While names were taken off and put on again, Chromium forgot which of the radios was ticked.
    else input.checked = input.defaultChecked;
    // The browser would run it at each keystroke, however long it takes; `pattern.ts` decides which are run.
    input.removeAttribute('pattern');
  }
  for (const control of fragment.querySelectorAll('input, select, textarea')) {
    if (!control.hasAttribute('autocomplete')) control.setAttribute('autocomplete', 'off');
  }
  for (const button of fragment.querySelectorAll('button')) {
    if (button.getAttribute('type') !== 'reset') button.setAttribute('type', 'button');
  }
}

function beyondLimits(html: string): Removed | undefined {
  if (html.length > MAX_HTML_BYTES) return { code: 'too-big', subject: String(html.length) };
  let tags = 0;
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) tags++;
  // Start and end tags together; what the parser makes of them is counted again afterwards.
  return tags > 2 * MAX_ELEMENTS ? { code: 'too-many-elements', subject: String(tags) } : undefined;
}

function shapeProblem(fragment: DocumentFragment): Removed | undefined {
  let level: Element[] = [...fragment.children];
  let elements = 0;
  for (let depth = 1; level.length > 0; depth++) {
    elements += level.length;
    if (depth > MAX_DEPTH) return { code: 'too-deep', subject: level[0]?.localName ?? '' };
    if (elements > MAX_ELEMENTS) return { code: 'too-many-elements', subject: String(elements) };
    level = level.flatMap((element) => [...element.children]);
  }
  return undefined;
}

function emptyFragment(): SafeFragment {
  return asSafe(document.createDocumentFragment());
}

/** The only place that may say so. */
function asSafe(fragment: DocumentFragment): SafeFragment {
  // The brand exists for the compiler alone.
  return fragment as SafeFragment;
}
