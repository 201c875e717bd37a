/** Where the bar is: on any edge of the page, anywhere along it; moved by dragging its grip or by the arrow keys. */
import { button, h, icon } from './dom.ts';
import type { PreferenceValues, Preferences } from './preferences.ts';
import type { StringKey, Strings } from './strings.ts';

export type Place = NonNullable<PreferenceValues['bar']>;
type Edge = Place['edge'];

const FIRST: Place = { edge: 'top', at: 0.5 };
const STEP = 0.1;
/** Near the middle means the middle. */
const SNAP = 0.03;

const NAMES: Readonly<Record<Edge, StringKey>> = {
  top: 'edgeTop',
  right: 'edgeRight',
  bottom: 'edgeBottom',
  left: 'edgeLeft',
};
const TOWARDS: Readonly<Record<string, Edge>> = {
  ArrowUp: 'top',
  ArrowRight: 'right',
  ArrowDown: 'bottom',
  ArrowLeft: 'left',
};

const lies = (edge: Edge) => edge === 'top' || edge === 'bottom';

/** Where an arrow key takes it: along its edge, round the corner at the end of it, or over to the opposite one. */
export function stepped({ edge, at }: Place, key: string): Place {
  const to = TOWARDS[key];
  if (to === undefined || to === edge) return { edge, at };
  if (lies(to) === lies(edge)) return { edge: to, at };
  const end = to === 'right' || to === 'bottom' ? 1 : 0;
  if (at === end) return { edge: to, at: edge === 'right' || edge === 'bottom' ? 1 : 0 };
  const next = end === 1 ? at + STEP : at - STEP;
  return { edge, at: Math.max(0, Math.min(1, Math.round(next * 100) / 100)) };
}

/** The place nearest to a point of a page of this size, for a bar of this length. */
export function nearest(
  point: { x: number; y: number },
  page: { width: number; height: number },
  length: number,
): Place {
  const distances: [Edge, number][] = [
    ['top', point.y],
    ['bottom', page.height - point.y],
    ['left', point.x],
    ['right', page.width - point.x],
  ];
  const [edge] = distances.reduce((best, one) => (one[1] < best[1] ? one : best));
  const [along, side] = lies(edge) ? [point.x, page.width] : [point.y, page.height];
  const room = side - length;
  const at = room <= 0 ? 0.5 : Math.max(0, Math.min(1, (along - length / 2) / room));
  return { edge, at: Math.abs(at - 0.5) < SNAP ? 0.5 : at };
}

export class BarPlace {
  readonly grip: HTMLButtonElement;
  readonly status = h('span', { class: 'visually-hidden', attributes: { role: 'status' } });
  readonly #element: HTMLElement;
  readonly #strings: Strings;
  readonly #preferences: Preferences;
  readonly #onMoved: () => void;
  #place: Place;
  #moving = false;

  /** `element` is the bar with its handle; what it is placed in is its parent. */
  constructor(element: HTMLElement, strings: Strings, preferences: Preferences, onMoved: () => void) {
    this.#element = element;
    this.#strings = strings;
    this.#preferences = preferences;
    this.#onMoved = onMoved;
    this.#place = preferences.get('bar') ?? FIRST;
    this.grip = button({ class: 'icon-button grip', title: strings.text('move') }, icon('grip'));
    this.grip.setAttribute('aria-label', strings.text('move'));
    this.grip.setAttribute('aria-pressed', 'false');
    this.#listen();
    this.#apply();
  }

  get edge(): Edge {
    return this.#place.edge;
  }

  #listen(): void {
    const { grip } = this;
    let dragged = false;
    grip.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      dragged = false;
      grip.setPointerCapture(event.pointerId);
    });
    grip.addEventListener('pointermove', (event) => {
      if (!grip.hasPointerCapture(event.pointerId)) return;
      const page = this.#element.parentElement?.getBoundingClientRect();
      if (!page) return;
      const { offsetWidth, offsetHeight } = this.#element;
      const length = Math.max(offsetWidth, offsetHeight);
      const place = nearest({ x: event.clientX - page.left, y: event.clientY - page.top }, page, length);
      dragged ||= place.edge !== this.#place.edge || Math.abs(place.at - this.#place.at) > 0.01;
      if (dragged) this.#go(place);
    });
    grip.addEventListener('pointerup', () => {
      if (dragged) this.#preferences.set({ bar: this.#place });
    });
    grip.addEventListener('click', (event) => {
      // The end of a drag is no click; a click without one, or Enter, hands the arrow keys to the grip.
      if (dragged) dragged = false;
      else this.#move(!this.#moving, event.detail === 0);
    });
    grip.addEventListener('blur', () => this.#move(false, false));
    grip.addEventListener('keydown', (event) => {
      if (!this.#moving) return;
      if (event.key === 'Escape') this.#move(false, true);
      else if (event.key in TOWARDS) {
        this.#go(stepped(this.#place, event.key));
        this.#preferences.set({ bar: this.#place });
        this.#say();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  #move(moving: boolean, say: boolean): void {
    this.#moving = moving;
    this.grip.setAttribute('aria-pressed', String(moving));
    if (moving) this.grip.focus();
    this.status.textContent = moving && say ? this.#strings.text('moveHint') : '';
  }

  #go(place: Place): void {
    this.#place = place;
    this.#apply();
    this.#onMoved();
  }

  #apply(): void {
    this.#element.dataset['edge'] = this.#place.edge;
    this.#element.style.setProperty('--at', String(this.#place.at));
  }

  #say(): void {
    const { edge, at } = this.#place;
    this.status.textContent = this.#strings.text('movedTo', {
      edge: this.#strings.text(NAMES[edge]),
      percent: Math.round(at * 100),
    });
  }
}
