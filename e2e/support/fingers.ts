/** Fingers as a touch screen reports them. */
import type { CDPSession, Page } from '@playwright/test';

interface Point {
  readonly x: number;
  readonly y: number;
}

export class Fingers {
  readonly #line: CDPSession;
  #down: Point[] = [];

  constructor(line: CDPSession) {
    this.#line = line;
  }

  static async on(page: Page): Promise<Fingers> {
    return new Fingers(await page.context().newCDPSession(page));
  }

  async down(...points: Point[]): Promise<void> {
    this.#down = points;
    await this.#send('touchStart');
  }

  /** All of them, in so many steps. */
  async move(to: Point[], steps = 8): Promise<void> {
    const from = this.#down;
    for (let step = 1; step <= steps; step++) {
      this.#down = to.map((point, n) => {
        const start = from[n] ?? point;
        const along = (a: number, b: number) => a + ((b - a) * step) / steps;
        return { x: along(start.x, point.x), y: along(start.y, point.y) };
      });
      await this.#send('touchMove');
    }
  }

  async up(): Promise<void> {
    this.#down = [];
    await this.#send('touchEnd');
  }

  async tap(...points: Point[]): Promise<void> {
    await this.down(...points);
    await this.up();
  }

  async #send(type: 'touchStart' | 'touchMove' | 'touchEnd'): Promise<void> {
    const touchPoints = this.#down.map(({ x, y }, id) => ({ x, y, id }));
    await this.#line.send('Input.dispatchTouchEvent', { type, touchPoints });
  }
}
