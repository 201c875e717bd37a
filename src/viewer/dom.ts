/** Elements without a library. Text always goes in as text. */

export interface Members {
  readonly class?: string;
  readonly text?: string;
  readonly title?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly onClick?: (event: MouseEvent) => void;
}

export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  members: Members = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element: HTMLElementTagNameMap[Tag] = document.createElement(tag);
  if (members.class) element.className = members.class;
  if (members.text !== undefined) element.textContent = members.text;
  if (members.title) element.title = members.title;
  for (const [name, value] of Object.entries(members.attributes ?? {})) element.setAttribute(name, value);
  if (members.onClick) listen(element, members.onClick);
  element.append(...children);
  return element;
}

function listen(element: HTMLElement, onClick: (event: MouseEvent) => void): void {
  element.addEventListener('click', onClick);
}

/** A button that does not take the keyboard's focus away from the desktop when it is clicked. */
export function button(members: Members, ...children: readonly (Node | string)[]): HTMLButtonElement {
  const element = h('button', members, ...children);
  element.type = 'button';
  element.addEventListener('mousedown', (event) => event.preventDefault());
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Line drawings on a grid of 24. */
const ICONS = {
  fullscreen: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  keys: 'M3 7h18v10H3zM7 11h.01M11 11h.01M15 11h.01M8 14h8',
  scaling: 'M3 5h18v14H3zM8 15v-5h5M16 9v5h-5',
  picture: 'M4 7h9M17 7h3M15 4.500v5M4 12h3M11 12h9M9 9.500v5M4 17h9M17 17h3M15 14.500v5',
  second: 'M3 5h11v9H3zM8.500 14v4M5.500 18h6M17 8h4v7h-5M17 19h4',
  pan: 'M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3',
  windows: 'M3 4h12v9H3zM3 7h12M9 13v6h12v-9h-6',
  down: 'M12 5v14M6 13l6 6 6-6',
  left: 'M19 12H5M11 6l-6 6 6 6',
  right: 'M5 12h14M13 6l6 6-6 6',
  disconnect: 'M12 4v8M7.5 6.8a7 7 0 1 0 9 0',
  statistics: 'M4 20V10M10 20V4M16 20v-8M21 20H3',
  pin: 'M9 4h6l-1 6 3 3H7l3-3zM12 13v7',
  grip: 'M9 6h.01M9 12h.01M9 18h.01M15 6h.01M15 12h.01M15 18h.01',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  touch:
    'M9 12V5.500a1.500 1.500 0 0 1 3 0V11l5 1.200a2.500 2.500 0 0 1 2 2.900L18 20H10.500L6 14.500a1.500 1.500 0 0 1 2.300-2z',
  pointer: 'M6 4l13 6-5.500 2L11.500 18z',
  keyboard: 'M3 6h18v9H3zM7 9h.01M11 9h.01M15 9h.01M8 12h8M9 21l3-3l3 3',
  language: 'M3 18l5-12l5 12M5 14h6M15 9h6M18 7v2M20.500 9a9 9 0 0 1-5.500 7M16 12a8 8 0 0 0 5 4',
  chevron: 'M7 10l5 5 5-5',
  files: 'M3 7.500V18h18V7.500h-9L10 5H3zM12 10v5M9.800 12.800L12 15l2.200-2.200',
  folder: 'M3 6.500V18h18V8h-9l-2-2.500H3z',
  file: 'M6 3.500h8l4 4V20.500H6zM14 3.500v4h4',
  up: 'M12 19V6M6.500 11.500L12 6l5.500 5.500',
  upload: 'M12 16V5M7.500 9.500L12 5l4.500 4.500M5 19h14',
  download: 'M12 5v11M7.500 11.500L12 16l4.500-4.500M5 19h14',
  home: 'M4 11.500L12 4.500l8 7M6.500 10v9h11v-9',
  clipboard: 'M9 5H6v16h12V5h-3M9 3h6v4H9zM9 12h6M9 16h6',
  close: 'M6 6l12 12M18 6L6 18',
  information: 'M12 11v6M12 7h.01M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18',
  question: 'M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .9-1 1.7M12 17h.01M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18',
  warning: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  critical: 'M8 3h8l5 5v8l-5 5H8l-5-5V8zM9 9l6 6M15 9l-6 6',
  link: 'M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.6-5.6L12 7.300M14 10a4 4 0 0 0-6-.5l-3 3A4 4 0 0 0 10.600 18.100L12 16.700',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  lost: 'M3 4l18 16M8.500 12.500a6 6 0 0 1 2-1.200M5 9a11 11 0 0 1 3-1.900M12 6c2.700 0 5.200 1.100 7 3M12 18h.01',
} as const;
export type IconName = keyof typeof ICONS;

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}
