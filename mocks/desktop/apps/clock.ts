/** An analogue clock that ticks. */
import type { App, AppWindow } from '../app.ts';
import type { Context } from '../frame.ts';

export function clock(window: AppWindow): App {
  const timer = setInterval(() => window.damage(), 1000);
  return {
    title: 'Clock',
    cursor: 'arrow',
    paint,
    closed: () => clearInterval(timer),
  };
}

function paint(context: Context, width: number, height: number): void {
  context.fillStyle = '#f3f1ea';
  context.fillRect(0, 0, width, height);
  const radius = Math.min(width, height) / 2 - 12;
  const now = new Date();
  const seconds = now.getSeconds();
  const minutes = now.getMinutes() + seconds / 60;
  const hours = (now.getHours() % 12) + minutes / 60;
  context.save();
  context.translate(width / 2, height / 2);
  context.lineCap = 'round';
  for (let i = 0; i < 60; i++) {
    const long = i % 5 === 0;
    line(context, i / 60, radius * (long ? 0.86 : 0.93), radius, long ? 2.5 : 1, '#7d8b89');
  }
  line(context, hours / 12, -radius * 0.1, radius * 0.52, 5, '#22373b');
  line(context, minutes / 60, -radius * 0.12, radius * 0.78, 3.5, '#22373b');
  line(context, seconds / 60, -radius * 0.18, radius * 0.84, 1.5, '#b3541e');
  context.restore();
}

/** A hand at `turn` (0 to 1, clockwise from twelve). */
function line(context: Context, turn: number, from: number, to: number, width: number, color: string): void {
  const [x, y] = [Math.sin(turn * 2 * Math.PI), -Math.cos(turn * 2 * Math.PI)];
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x * from, y * from);
  context.lineTo(x * to, y * to);
  context.stroke();
}
