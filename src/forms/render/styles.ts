/**
 * The stylesheets of a form's shadow root: Bootstrap 5.3 and ours. Made once a page and adopted by every form, which a
 * Content-Security-Policy without `unsafe-inline` allows, since nothing is written into the document.
 */
import bootstrap from 'bootstrap/dist/css/bootstrap.min.css?inline';
import compat from './compat.css?inline';

let shared: CSSStyleSheet[] | undefined;
let standalone: CSSStyleSheet | undefined;
/** Whether the page has Bootstrap itself; asked once. */
let inherits: boolean | undefined;

/** Dresses the shadow root. Bootstrap's variables are inherited, so a theme of the page reaches into its forms. */
export function dress(root: ShadowRoot): void {
  // jsdom has no constructed stylesheets; nothing is painted there either.
  if (!('adoptedStyleSheets' in root)) return;
  shared ??= [sheet(acrossTheBoundary(bootstrap)), sheet(compat)];
  inherits ??= getComputedStyle(root.host).getPropertyValue('--bs-border-width') !== '';
  root.adoptedStyleSheets = inherits ? shared : [(standalone ??= sheet(variables(bootstrap))), ...shared];
}

/** Keeps the attribute by which Bootstrap tells light from dark the same on the host as on the page around it. */
export function followTheme(host: HTMLElement): () => void {
  const update = () => {
    const theme = host.parentElement?.closest('[data-bs-theme]')?.getAttribute('data-bs-theme') ?? 'light';
    if (host.getAttribute('data-bs-theme') !== theme) host.setAttribute('data-bs-theme', theme);
  };
  update();
  const observer = new MutationObserver(update);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-bs-theme'] });
  return () => observer.disconnect();
}

function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

/** `[data-bs-theme=dark] .form-select` cannot match an ancestor outside the shadow root, but can ask the host. */
function acrossTheBoundary(css: string): string {
  return css.replaceAll('[data-bs-theme=dark] ', ':host([data-bs-theme=dark]) ');
}

/** Bootstrap's variables for a page that has not loaded Bootstrap itself. */
function variables(css: string): string {
  const blocks = css.match(/(?::root,)?\[data-bs-theme=(?:light|dark)\]\{[^}]*\}/g) ?? [];
  return blocks
    .map((block) => block.replace(':root,', ':host,').replace(/\[data-bs-theme=(\w+)\]/g, ':host([data-bs-theme=$1])'))
    .concat(':host{font-family:var(--bs-body-font-family);color:var(--bs-body-color);line-height:1.5}')
    .join('\n');
}
