/** A picture that moves as fast as the viewer takes it, and says how fast that is. */
import type { App, AppWindow } from '../app.ts';
import type { Context } from '../frame.ts';

/** Milliseconds between two pictures: as often as the fastest common screens show one. */
const STEP_MS = 8;
/** Milliseconds over which the rate is counted. */
const COUNTED_MS = 1000;

export function motion(window: AppWindow): App {
  const painted: number[] = [];
  const timer = setInterval(() => window.damage(), STEP_MS);
  return {
    title: 'Motion',
    cursor: 'arrow',
    paint(context, width, height) {
      const now = performance.now();
      painted.push(now);
      while ((painted[0] ?? now) < now - COUNTED_MS) painted.shift();
      paint(context, width, height, now, painted.length);
    },
    closed: () => clearInterval(timer),
  };
}

function paint(context: Context, width: number, height: number, now: number, rate: number): void {
  context.fillStyle = '#14262b';
  context.fillRect(0, 0, width, height);
  for (let ball = 0; ball < 5; ball++) {
    const phase = now / (900 + 170 * ball) + ball;
    const x = width * (0.5 + 0.42 * Math.sin(phase));
    const y = height * (0.5 + 0.36 * Math.cos(phase * 1.3));
    context.fillStyle = `hsl(${160 + 40 * ball} 60% 60%)`;
    context.beginPath();
    context.arc(x, y, 10 + 3 * ball, 0, 2 * Math.PI);
    context.fill();
  }
  context.fillStyle = '#f3f1ea';
  context.font = '14px sans-serif';
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillText(`${rate} pictures a second`, 10, 8);
}
