/**
 * What an admin's HTML may consist of. One list for both halves: the browser's sanitiser is configured with it, and
 * the pure walker uses it to find the same controls and to say what will be missing from the page.
 *
 * Everything not listed is removed. Left out on purpose: whatever loads, links, navigates, scripts, styles, or reaches
 * out of the form (`form`, `a`, media, SVG, MathML, custom elements, `command`, `popovertarget`, `formaction`).
 */

const CONTROLS = ['input', 'select', 'option', 'optgroup', 'textarea', 'button', 'label', 'fieldset', 'legend'];
const CONTROL_HELPERS = ['datalist', 'output', 'meter', 'progress', 'details', 'summary'];
const TEXT =
  'div span p br wbr hr b strong i em u s small mark code kbd samp var sub sup pre blockquote q cite abbr bdi bdo';
const LISTS_AND_HEADINGS = 'ul ol li dl dt dd h1 h2 h3 h4 h5 h6 section article header footer aside';
const TABLES = 'table caption colgroup col thead tbody tfoot tr th td';

export const ALLOWED_ELEMENTS: readonly string[] = [
  ...CONTROLS,
  ...CONTROL_HELPERS,
  ...`${TEXT} ${LISTS_AND_HEADINGS} ${TABLES}`.split(' '),
];

/** Removed with all they contain; from any other element that is not allowed, the content is kept. */
export const REMOVED_WITH_CONTENT: readonly string[] =
  'script style template noscript noembed noframes iframe object embed applet svg math audio video canvas picture map title textpath xmp plaintext frameset head datagrid selectedcontent'.split(
    ' ',
  );

const GLOBAL_ATTRIBUTES = 'class id title lang dir role aria-label aria-labelledby aria-describedby'.split(' ');

/** Attributes of ours. Other `data-*` could be read by any script of the page, so none of them is let through. */
export const DATA_ATTRIBUTES = [
  'data-type',
  'data-show-when',
  'data-options-when',
  'data-required-when',
  'data-remember',
] as const;

const INPUT_ATTRIBUTES =
  'type name value checked disabled readonly required min max step minlength maxlength pattern placeholder size list inputmode autocomplete spellcheck autocapitalize';

const ELEMENT_ATTRIBUTES: Readonly<Record<string, string>> = {
  input: INPUT_ATTRIBUTES,
  select: 'name disabled required multiple size autocomplete',
  option: 'value label selected disabled',
  optgroup: 'label disabled',
  textarea: 'name disabled readonly required minlength maxlength placeholder rows cols wrap spellcheck autocomplete',
  button: 'type disabled',
  label: 'for',
  fieldset: 'disabled',
  output: 'for name',
  meter: 'value min max low high optimum',
  progress: 'value max',
  details: 'open',
  ol: 'start reversed type',
  li: 'value',
  colgroup: 'span',
  col: 'span',
  th: 'colspan rowspan scope headers abbr',
  td: 'colspan rowspan headers',
};

const allowed = new Map<string, ReadonlySet<string>>(
  ALLOWED_ELEMENTS.map((element) => [
    element,
    new Set([...GLOBAL_ATTRIBUTES, ...DATA_ATTRIBUTES, ...(ELEMENT_ATTRIBUTES[element]?.split(' ') ?? [])]),
  ]),
);

/** Every attribute that some element may have: the sanitiser's coarse list, refined by `isAllowedAttribute`. */
export const ALLOWED_ATTRIBUTES: readonly string[] = [...new Set([...allowed.values()].flatMap((set) => [...set]))];

/** Attributes whose value is one or more ids of the same form. */
export const ID_REFERENCES: readonly string[] = ['for', 'list', 'headers', 'aria-labelledby', 'aria-describedby'];

/** Types a control may have. No password, file, hidden, image, submit: each lets a form take more than is seen. */
export const INPUT_TYPES: readonly string[] =
  'text search tel email url number range date time datetime-local month week color checkbox radio'.split(' ');

/** Types that are removed together with their control: shown as a text box they would ask for the wrong thing. */
export const REMOVED_INPUT_TYPES: readonly string[] = 'password file hidden image submit reset button'.split(' ');

const ROLES = /^(group|radiogroup|note|none|presentation|list|listitem|separator)$/;
const LIST_TYPES = /^[1aAiI]$/;
/** Numbers that size a table or a box: more digits only serve to exhaust the browser. */
const SMALL_NUMBER = /^\d{1,3}$/;

/** Whether this element may carry this attribute with this value. `class` and ids are looked at elsewhere. */
export function isAllowedAttribute(element: string, attribute: string, value: string): boolean {
  if (!allowed.get(element)?.has(attribute)) return false;
  switch (attribute) {
    case 'role':
      return ROLES.test(value);
    case 'type':
      if (element === 'ol') return LIST_TYPES.test(value);
      if (element === 'button') return value === 'button' || value === 'reset';
      return INPUT_TYPES.includes(value.toLowerCase());
    case 'autocomplete':
      return value === 'off' || value === 'on';
    case 'colspan':
    case 'rowspan':
    case 'span':
    case 'size':
    case 'rows':
    case 'cols':
      return SMALL_NUMBER.test(value);
    default:
      return true;
  }
}

/** The sanitiser puts it before every id and name; a field's own name must not begin with it. */
export const NAME_PREFIX = 'user-content-';
