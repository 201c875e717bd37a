/** Which part of the framebuffer is seen on which canvas. Page and worker go by the same rule. */
import type { Area } from '../rfb/events.ts';

/**
 * The first canvas's part, and the second's, where there is one for it: the two leftmost screens of the server. Without
 * a second canvas, or a second screen, the first shows everything.
 */
export function areasShown(
  size: { readonly width: number; readonly height: number },
  screens: readonly Area[],
  second: boolean,
): readonly [Area, Area?] {
  const whole = { x: 0, y: 0, width: size.width, height: size.height };
  if (!second) return [whole];
  const [left, right] = screens.map((screen) => inside(screen, size)).toSorted((a, b) => a.x - b.x);
  return left && right && area(left) > 0 && area(right) > 0 ? [left, right] : [whole];
}

/** A server's layout need not fit its framebuffer. */
function inside({ x, y, width, height }: Area, size: { readonly width: number; readonly height: number }): Area {
  const [left, top] = [Math.min(x, size.width), Math.min(y, size.height)];
  return { x: left, y: top, width: Math.min(width, size.width - left), height: Math.min(height, size.height - top) };
}

const area = ({ width, height }: Area) => width * height;
