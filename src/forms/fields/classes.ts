/**
 * The classes a form may use: layout, grid, spacing, text, form controls, buttons and a few quiet components of
 * Bootstrap 5 and 4. Out: whatever positions, stacks, overlays, hides, or measures by the viewport, since a form made
 * of `position-fixed vw-100 vh-100` looks like the portal itself.
 */
const SIZE = '(sm|md|lg|xl|xxl)';
const STEP = '([0-5]|auto)';
const COLOR = '(primary|secondary|success|danger|warning|info|light|dark|body|muted|white|black)';

const PATTERNS: readonly RegExp[] = [
  // Grid
  /^(container|container-fluid|row|form-row|no-gutters|col)$/,
  new RegExp(`^container-${SIZE}$`),
  new RegExp(`^(col|row-cols)(-${SIZE})?(-(auto|[1-9]|1[0-2]))?$`),
  new RegExp(`^(offset|order)(-${SIZE})?-([0-9]|1[0-2]|first|last)$`),
  new RegExp(`^g[xy]?(-${SIZE})?-[0-5]$`),
  // Spacing, never negative
  new RegExp(`^[mp][trblsexy]?(-${SIZE})?-${STEP}$`),
  new RegExp(`^(gap|row-gap|column-gap)(-${SIZE})?-[0-5]$`),
  /^space-[xy]-[0-5]$/,
  // Display and flex, never "none"
  new RegExp(`^d(-${SIZE})?-(block|inline|inline-block|flex|inline-flex|grid|inline-grid|table|table-row|table-cell)$`),
  new RegExp(`^flex(-${SIZE})?-(row|column|row-reverse|column-reverse|wrap|nowrap|fill|grow-[01]|shrink-[01])$`),
  new RegExp(
    `^(justify-content|align-items|align-self|align-content)(-${SIZE})?-(start|end|center|between|around|evenly|baseline|stretch|auto)$`,
  ),
  /^align-(baseline|top|middle|bottom|text-top|text-bottom)$/,
  new RegExp(`^float(-${SIZE})?-(start|end|left|right|none)$`),
  /^(clearfix|hstack|vstack|vr)$/,
  /^(w|h|mw|mh)-(25|50|75|100|auto)$/,
  // Text
  /^text-(start|end|center|left|right|justify|wrap|nowrap|break|truncate|lowercase|uppercase|capitalize|monospace|reset|decoration-(none|underline|line-through))$/,
  new RegExp(`^(text|text-bg|bg|border|link)-${COLOR}(-subtle|-emphasis)?$`),
  /^(bg|border)-(transparent|body-secondary|body-tertiary)$/,
  /^text-body-(secondary|tertiary|emphasis)$/,
  /^(fw|font-weight)-(light|lighter|normal|medium|semibold|bold|bolder)$/,
  /^(fst-(italic|normal)|font-italic|fs-[1-6]|lh-(1|sm|base|lg)|font-monospace|small|lead|mark|h[1-6]|display-[1-6])$/,
  /^(initialism|list-unstyled|list-inline|list-inline-item|blockquote|blockquote-footer|sr-only|visually-hidden)$/,
  // Forms
  /^form-(group|control|control-(sm|lg|file|range|color|plaintext)|label|text|select|select-(sm|lg)|check|check-(inline|input|label|reverse)|switch|range|floating|inline)$/,
  /^col-form-label(-sm|-lg)?$/,
  /^input-group(-(sm|lg|text|append|prepend))?$/,
  /^custom-(select|select-(sm|lg)|control|control-(input|label|inline)|checkbox|radio|switch|range|file|file-(input|label))$/,
  /^(valid|invalid)-feedback$/,
  // Buttons
  /^btn$/,
  new RegExp(`^btn-(outline-)?${COLOR}$`),
  /^btn-(sm|lg|block|link|group|group-(sm|lg|vertical|toggle)|toolbar)$/,
  // Quiet components
  /^card(-(body|header|footer|title|subtitle|text|group|deck|columns))?$/,
  /^alert(-heading)?$/,
  new RegExp(`^(alert|badge|list-group-item|table)-${COLOR}$`),
  /^badge(-pill)?$/,
  /^list-group(-(flush|item|numbered|horizontal))?$/,
  /^table(-(sm|bordered|borderless|striped|hover|responsive|active|group-divider))?$/,
  /^progress(-bar(-striped)?)?$/,
  // Borders
  /^border(-(0|[1-5]|top|end|bottom|start|left|right|(top|end|bottom|start|left|right)-0))?$/,
  /^rounded(-([0-5]|circle|pill|top|end|bottom|start|left|right))?$/,
  /^shadow(-(none|sm|lg))?$/,
];

/** Classes that move an element out of sight. Fine for words meant for screen readers, not for what takes input. */
const OUT_OF_SIGHT = /^(sr-only|visually-hidden)$/;
const MAY_BE_OUT_OF_SIGHT = new Set([
  'label',
  'legend',
  'span',
  'caption',
  'p',
  'div',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
]);
const LONGEST_CLASS = 48;

/** A large form repeats a few classes a thousand times. */
const known = new Map<string, boolean>();
const MOST_KNOWN = 2000;

export function isAllowedClass(element: string, name: string): boolean {
  if (name.length > LONGEST_CLASS) return false;
  if (OUT_OF_SIGHT.test(name)) return MAY_BE_OUT_OF_SIGHT.has(element);
  const before = known.get(name);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const allowed = PATTERNS.some((pattern) => pattern.test(name));
  known.set(name, allowed);
  return allowed;
}

export function splitClasses(value: string): string[] {
  return value.split(/\s+/).filter((name) => name !== '');
}
