import { expect, it } from 'vitest';
import { nearest, stepped, type Place } from './bar-place.ts';

const page = { width: 1000, height: 600 };

it('follows the pointer to the nearest edge, and keeps the bar inside the page', () => {
  expect(nearest({ x: 500, y: 20 }, page, 400)).toEqual({ edge: 'top', at: 0.5 });
  expect(nearest({ x: 505, y: 590 }, page, 400)).toEqual({ edge: 'bottom', at: 0.5 });
  expect(nearest({ x: 350, y: 10 }, page, 400)).toEqual({ edge: 'top', at: 0.25 });
  expect(nearest({ x: 10, y: 100 }, page, 400)).toEqual({ edge: 'left', at: 0 });
  expect(nearest({ x: 990, y: 560 }, page, 400)).toEqual({ edge: 'right', at: 1 });
  expect(nearest({ x: -50, y: 300 }, page, 900)).toEqual({ edge: 'left', at: 0.5 });
});

it('goes by arrow keys along an edge, round the corners and across', () => {
  const go = (from: Place, ...keys: string[]) => keys.reduce(stepped, from);
  expect(go({ edge: 'top', at: 0.5 }, 'ArrowRight')).toEqual({ edge: 'top', at: 0.6 });
  expect(go({ edge: 'top', at: 0.5 }, 'ArrowDown')).toEqual({ edge: 'bottom', at: 0.5 });
  expect(go({ edge: 'top', at: 0.5 }, 'ArrowUp')).toEqual({ edge: 'top', at: 0.5 });
  expect(go({ edge: 'top', at: 0.1 }, 'ArrowLeft', 'ArrowLeft')).toEqual({ edge: 'left', at: 0 });
  expect(go({ edge: 'left', at: 0 }, 'ArrowDown', 'ArrowUp', 'ArrowUp')).toEqual({ edge: 'top', at: 0 });
  expect(go({ edge: 'bottom', at: 1 }, 'ArrowRight')).toEqual({ edge: 'right', at: 1 });
  expect(go({ edge: 'right', at: 0.4 }, 'ArrowLeft')).toEqual({ edge: 'left', at: 0.4 });
  expect(go({ edge: 'right', at: 0.4 }, 'Home')).toEqual({ edge: 'right', at: 0.4 });
});
