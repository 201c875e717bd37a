/**
 * The mouse held by the desktop, for programs that go by how far it moves. RFB servers take positions, so one is kept that
 * the movements add up to, held inside the picture; where a program puts the pointer back, it goes on from there.
 */
import type { Input } from '../input/input.ts';
import { VirtualPointer } from '../input/virtual-pointer.ts';
import type { CursorShape } from './cursor.ts';
import type { Picture } from './picture.ts';
import { PointerImage } from './pointer-image.ts';

export interface LockHost {
  readonly element: HTMLElement;
  readonly input: Input;
  readonly picture: Pick<Picture, 'canvas' | 'part'>;
  readonly cursor: CursorShape | undefined;
}

export class PointerLock {
  readonly #host: LockHost;
  readonly #onChange: (locked: boolean) => void;
  readonly #pointer = new VirtualPointer();
  readonly #image: PointerImage;
  readonly #listening = new AbortController();
  #locked = false;

  constructor(host: LockHost, onChange: (locked: boolean) => void) {
    this.#host = host;
    this.#onChange = onChange;
    const { element, picture } = host;
    const { signal } = this.#listening;
    this.#image = new PointerImage(element.ownerDocument);
    picture.canvas.style.gridArea = '1 / 1';
    element.append(this.#image.element);
    element.ownerDocument.addEventListener('pointerlockchange', () => this.#changed(), { signal });
    // Before the element's input asks where the pointer is.
    element.addEventListener('pointermove', (event) => this.#moved(event), { signal, capture: true, passive: true });
  }

  /** Where the pointer is while it is locked. */
  get at(): { x: number; y: number } | undefined {
    return this.#locked ? this.#pointer.at : undefined;
  }

  /** Rejects where the browser does not want it; a click or a key has to come before. */
  async lock(): Promise<void> {
    const { element, picture } = this.#host;
    const { x, y, width, height } = picture.part;
    this.#pointer.put(x + Math.floor(width / 2), y + Math.floor(height / 2));
    try {
      await element.requestPointerLock({ unadjustedMovement: true });
    } catch (error) {
      // Without the system's acceleration where that can be had, else with it.
      if (!(error instanceof DOMException) || error.name !== 'NotSupportedError') throw error;
      await element.requestPointerLock();
    }
  }

  release(): void {
    if (this.#locked) this.#host.element.ownerDocument.exitPointerLock();
  }

  /** A program in the session put the pointer somewhere. */
  put(x: number, y: number): void {
    this.#pointer.put(x, y);
    this.changed();
  }

  /** The picture or its cursor is another. */
  changed(): void {
    if (this.#locked) this.#image.shape = this.#host.cursor;
    this.#image.move(this.at, this.#host.picture.part);
  }

  dispose(): void {
    this.release();
    this.#listening.abort();
    this.#image.element.remove();
  }

  #changed(): void {
    const { element, input } = this.#host;
    const locked = element.ownerDocument.pointerLockElement === element;
    if (locked === this.#locked) return;
    this.#locked = locked;
    if (locked) input.focus();
    this.changed();
    this.#onChange(locked);
  }

  #moved(event: PointerEvent): void {
    if (!this.#locked) return;
    const { part, canvas } = this.#host.picture;
    const { width } = canvas.getBoundingClientRect();
    const ratio = width > 0 ? part.width / width : 1;
    this.#pointer.move(event.movementX * ratio, event.movementY * ratio, part);
    this.changed();
  }
}
