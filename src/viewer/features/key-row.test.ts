import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Desktop } from '../../desktop/desktop.ts';
import { TextField } from '../../input/text-field.ts';
import { KeyRow } from './key-row.ts';

let strokes: number;
let row: KeyRow;
let field: TextField;

beforeEach(() => {
  vi.useFakeTimers();
  strokes = 0;
  field = new TextField(document.body, { label: 'x', onText: () => undefined });
  const desktop = {
    textField: field,
    holdKey: (_name: string, _keysym: number, down: boolean) => {
      if (down) strokes++;
    },
    cover: () => undefined,
  } as unknown as Desktop;
  row = new KeyRow({ window, desktop, language: 'en' });
  document.body.append(row.element);
});
afterEach(() => {
  row.dispose();
  field.dispose();
  vi.useRealTimers();
});

it('a key that two fingers held is not pressed on when both are gone', () => {
  const key = [...row.element.querySelectorAll('button')].find(({ textContent }) => textContent === 'Tab');
  const touch = (type: string, pointerId: number) => key?.dispatchEvent(new PointerEvent(type, { pointerId }));
  touch('pointerdown', 1);
  touch('pointerdown', 2);
  vi.advanceTimersByTime(1000);
  touch('pointerup', 1);
  touch('pointerup', 2);
  expect(strokes).toBeGreaterThan(1);
  const before = strokes;
  vi.advanceTimersByTime(10_000);
  expect(strokes).toBe(before);
});
