/** Hills at dusk behind a window frame: painted once a size, then copied from. */
import { contextOf, type Context } from './frame.ts';
import type { Rect } from './rect.ts';

export class Wallpaper {
  #canvas = new OffscreenCanvas(1, 1);

  resize(width: number, height: number): void {
    this.#canvas = new OffscreenCanvas(width, height);
    const context = contextOf(this.#canvas);
    const sky = context.createLinearGradient(0, 0, 0, height);
    sky.addColorStop(0, '#16343a');
    sky.addColorStop(0.55, '#3f7a76');
    sky.addColorStop(0.8, '#d9b98a');
    context.fillStyle = sky;
    context.fillRect(0, 0, width, height);
    context.fillStyle = 'rgb(255 236 200 / 85%)';
    context.beginPath();
    context.arc(width * 0.72, height * 0.62, Math.min(width, height) * 0.06, 0, 2 * Math.PI);
    context.fill();
    const hills = [
      ['#5d7f73', 0.7, 0.05, 1.1],
      ['#335c56', 0.78, 0.07, 2.3],
      ['#1d3d3b', 0.88, 0.05, 3.7],
    ] as const;
    for (const [color, level, swing, phase] of hills) {
      context.fillStyle = color;
      context.beginPath();
      context.moveTo(0, height);
      for (let x = 0; x < width + 8; x += 8) {
        const wave = Math.sin((x / width) * 5 + phase) + 0.5 * Math.sin((x / width) * 11 + phase * 2);
        context.lineTo(x, height * (level + swing * 0.6 * wave));
      }
      context.lineTo(width + 8, height);
      context.fill();
    }
    context.fillStyle = 'rgb(255 255 255 / 60%)';
    context.font = '600 15px system-ui, sans-serif';
    context.fillText('Casement demo desktop', 20, height - 24);
  }

  paint(context: Context, { x, y, width, height }: Rect): void {
    context.drawImage(this.#canvas, x, y, width, height, x, y, width, height);
  }
}
