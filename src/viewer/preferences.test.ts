import { beforeEach, expect, it } from 'vitest';
import { Preferences } from './preferences.ts';

const make = () => new Preferences(() => localStorage);
beforeEach(() => localStorage.clear());

it('are found again, and those of another tab are kept', () => {
  const [first, second] = [make(), make()];
  first.set({ askBeforeClosing: true });
  second.set({ bar: { edge: 'left', at: 0.25 } });
  expect([make().get('askBeforeClosing'), make().get('bar')]).toEqual([true, { edge: 'left', at: 0.25 }]);
});

it('are dropped one by one where they cannot be read', () => {
  localStorage.setItem('casement.viewer', '{"bar":{"edge":"middle","at":7},"pinned":true,"touch":"direct"}');
  expect([make().get('bar'), make().get('pinned'), make().get('touch')]).toEqual([undefined, true, 'direct']);
  for (const broken of ['{', 'null', '7', '[]']) {
    localStorage.setItem('casement.viewer', broken);
    expect(make().get('pinned')).toBeUndefined();
  }
});

it('hold for the page where nothing may be stored', () => {
  const blocked = new Preferences(() => {
    throw new DOMException('no', 'SecurityError');
  });
  blocked.set({ pinned: true });
  expect(blocked.get('pinned')).toBe(true);
});
