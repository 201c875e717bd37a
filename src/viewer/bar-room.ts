/** What fits: tools of a bar that is too long for its page go into a drawer, and what opens beside it stays on the page. */
import type { Place } from './bar-place.ts';

/** CSS pixels between the bar, what opens beside it, and the edges of the page. */
const GAP = 8;

export class Overflow {
  readonly #bar: HTMLElement;
  readonly #tools: HTMLElement;
  readonly #more: { readonly holder: HTMLElement; readonly list: HTMLElement };

  constructor(bar: HTMLElement, tools: HTMLElement, more: { holder: HTMLElement; list: HTMLElement }) {
    this.#bar = bar;
    this.#tools = tools;
    this.#more = more;
  }

  /** All tools back into the bar, in their order. */
  restore(): void {
    this.#tools.append(...this.#more.list.children);
    this.#more.holder.hidden = true;
  }

  fit(): void {
    const focused = document.activeElement;
    this.restore();
    const { list, holder } = this.#more;
    while (this.#tooLong()) {
      const last = [...this.#tools.children].findLast((one) => !(one instanceof HTMLElement && one.hidden));
      if (!last) break;
      holder.hidden = false;
      list.prepend(last);
    }
    // The keyboard must not be lost with a button that moved.
    if (focused instanceof HTMLElement && this.#bar.contains(focused) && document.activeElement !== focused) {
      if (list.contains(focused)) holder.querySelector('button')?.focus();
      else focused.focus();
    }
  }

  #tooLong(): boolean {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = this.#bar;
    return scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1;
  }
}

/** Places `body` beside the bar, next to its button where there is room, inside the page. */
export function besideBar(body: HTMLElement, opener: HTMLElement, bar: HTMLElement, edge: Place['edge']): void {
  const page = bar.ownerDocument.documentElement;
  body.style.left = body.style.top = '0px';
  const at = body.getBoundingClientRect();
  const from = bar.getBoundingClientRect();
  const near = (opener.offsetParent === null ? bar : opener).getBoundingClientRect();
  const inside = (wanted: number, length: number, side: number) => Math.max(GAP, Math.min(wanted, side - length - GAP));
  let left = inside(near.left + near.width / 2 - at.width / 2, at.width, page.clientWidth);
  let top = inside(near.top + near.height / 2 - at.height / 2, at.height, page.clientHeight);
  if (edge === 'top') top = from.bottom + GAP;
  else if (edge === 'bottom') top = from.top - GAP - at.height;
  else if (edge === 'left') left = from.right + GAP;
  else left = from.left - GAP - at.width;
  body.style.left = `${left - at.left}px`;
  body.style.top = `${top - at.top}px`;
}
