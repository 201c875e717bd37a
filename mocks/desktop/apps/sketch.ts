/** A sheet of paper to draw on: left button draws, right button wipes it clean. */
import type { App, AppWindow } from '../app.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

const INKS = ['#0f6a62', '#b3541e', '#2b4c8c', '#7a2d5b'];
/** Points kept; beyond that the oldest stroke is forgotten. */
const MOST_POINTS = 20_000;

export function sketch(window: AppWindow): App {
  let strokes: { color: string; points: Point[] }[] = [];
  let drawing = false;
  let points = 0;
  return {
    title: 'Sketch',
    cursor: 'cross',
    pointer(x, y, buttons) {
      if (buttons & 4) {
        strokes = [];
        points = 0;
        window.damage();
        return;
      }
      if ((buttons & 1) === 0) {
        drawing = false;
        return;
      }
      if (!drawing) strokes.push({ color: INKS[strokes.length % INKS.length] ?? '#000', points: [] });
      drawing = true;
      const stroke = strokes.at(-1)?.points;
      const last = stroke?.at(-1) ?? { x, y };
      stroke?.push({ x, y });
      if (++points > MOST_POINTS) points -= strokes.shift()?.points.length ?? 0;
      window.damage({
        x: Math.min(x, last.x) - 3,
        y: Math.min(y, last.y) - 3,
        width: Math.abs(x - last.x) + 6,
        height: Math.abs(y - last.y) + 6,
      });
    },
    paint(context, width, height) {
      context.fillStyle = '#fffdf6';
      context.fillRect(0, 0, width, height);
      context.lineWidth = 3;
      context.lineCap = 'round';
      context.lineJoin = 'round';
      for (const { color, points: line } of strokes) {
        context.strokeStyle = color;
        context.beginPath();
        const [first] = line;
        if (first) context.moveTo(first.x, first.y);
        for (const { x, y } of line) context.lineTo(x, y + 0.01);
        context.stroke();
      }
      if (strokes.length > 0) return;
      context.fillStyle = '#9aa7a5';
      context.font = '13px system-ui, sans-serif';
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.fillText('Draw here', width / 2, height / 2);
      context.textAlign = 'left';
    },
  };
}
