/** One window: where it is, its frame, and the program in it. */
import type { App } from './app.ts';
import type { Context } from './frame.ts';
import { contains, type Rect } from './rect.ts';

const TITLE = 28;
const BORDER = 1;
const GRIP = 14;
const MIN_WIDTH = 160;
const MIN_HEIGHT = 100;

export type Part = 'title' | 'close' | 'grip' | 'content';

export class Window {
  readonly app: App;
  x: number;
  y: number;
  width: number;
  height: number;

  constructor(app: App, { x, y, width, height }: Rect) {
    this.app = app;
    this.x = x;
    this.y = y;
    this.width = Math.max(MIN_WIDTH, width);
    this.height = Math.max(MIN_HEIGHT, height);
  }

  get rect(): Rect {
    return { x: this.x, y: this.y, width: this.width, height: this.height };
  }

  /** In framebuffer coordinates. */
  get content(): Rect {
    return {
      x: this.x + BORDER,
      y: this.y + TITLE,
      width: this.width - 2 * BORDER,
      height: this.height - TITLE - BORDER,
    };
  }

  get closeButton(): Rect {
    return { x: this.x + this.width - 26, y: this.y + 5, width: 18, height: 18 };
  }

  partAt(x: number, y: number): Part | undefined {
    if (!contains(this.rect, x, y)) return undefined;
    if (contains(this.closeButton, x, y)) return 'close';
    if (y < this.y + TITLE) return 'title';
    return x >= this.x + this.width - GRIP && y >= this.y + this.height - GRIP ? 'grip' : 'content';
  }

  /** Keeps the title within reach. */
  moveTo(x: number, y: number, within: Rect): void {
    this.x = Math.min(Math.max(x, 60 - this.width), within.width - 60);
    this.y = Math.min(Math.max(y, 0), within.height - TITLE);
  }

  resizeTo(width: number, height: number): void {
    this.width = Math.max(MIN_WIDTH, width);
    this.height = Math.max(MIN_HEIGHT, height);
    this.app.resized?.(this.content.width, this.content.height);
  }

  paint(context: Context, active: boolean): void {
    const { x, y, width, height } = this;
    context.fillStyle = active ? '#22373b' : '#3a4a4d';
    context.fillRect(x, y, width, height);
    context.fillStyle = active ? '#e8f1ef' : '#a9b8b8';
    context.font = '600 13px system-ui, sans-serif';
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    context.fillText(this.app.title, x + 12, y + TITLE / 2 + 1, width - 50);
    const close = this.closeButton;
    context.strokeStyle = active ? '#e8f1ef' : '#a9b8b8';
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(close.x + 5, close.y + 5);
    context.lineTo(close.x + 13, close.y + 13);
    context.moveTo(close.x + 13, close.y + 5);
    context.lineTo(close.x + 5, close.y + 13);
    context.stroke();
    const content = this.content;
    context.save();
    context.beginPath();
    context.rect(content.x, content.y, content.width, content.height);
    context.clip();
    context.translate(content.x, content.y);
    this.app.paint(context, content.width, content.height);
    context.restore();
    context.strokeStyle = 'rgb(160 180 180 / 70%)';
    context.lineWidth = 1;
    context.beginPath();
    for (const inset of [4, 8]) {
      context.moveTo(x + width - inset, y + height - 1.5);
      context.lineTo(x + width - 1.5, y + height - inset);
    }
    context.stroke();
  }
}
