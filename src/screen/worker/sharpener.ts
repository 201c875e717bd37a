/** Half a second after a part of the picture was last approximated it is asked for exactly, whatever the quality. */
import type { Area } from '../../rfb/events.ts';
import type { LossyParts } from './lossy.ts';

export interface SharpenerPorts {
  /** Asks for a part exactly; false: not now. */
  sharpen(area: Area): boolean;
  /** What was asked for last has not come yet. */
  readonly sharpening: boolean;
}

const REST_MS = 500;
/** A server that approximates all the same is asked no more than this often in a row. */
const MOST_IN_VAIN = 5;

export class Sharpener {
  readonly #lossy: LossyParts;
  readonly #ports: SharpenerPorts;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: { readonly area: Area; readonly at: number } | undefined;
  #inVain = 0;

  constructor(lossy: LossyParts, ports: SharpenerPorts) {
    this.#lossy = lossy;
    this.#ports = ports;
  }

  /** After each update, and when the server is asked for pictures again. */
  updated(): void {
    if (this.#asked && !this.#ports.sharpening) {
      this.#inVain = this.#lossy.settled(this.#asked.area, this.#asked.at) ? 0 : this.#inVain + 1;
      this.#asked = undefined;
    }
    if (this.#timer !== undefined || !this.#lossy.any || this.#inVain >= MOST_IN_VAIN) return;
    this.#timer = setTimeout(() => this.#look(), REST_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    this.#timer = undefined;
    const at = performance.now();
    const area = this.#asked ? undefined : this.#lossy.resting(at - REST_MS);
    if (area) {
      // Without an answer there is nothing to wait for: the next update looks again.
      if (this.#ports.sharpen(area)) this.#asked = { area, at };
    } else if (this.#lossy.any && !this.#asked) this.#timer = setTimeout(() => this.#look(), REST_MS / 5);
  }
}
