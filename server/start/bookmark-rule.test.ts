import { describe, expect, it } from 'vitest';
import { BookmarkText, type Bookmark } from '../../src/contract/bookmark.ts';
import { StartData } from '../../src/contract/start.ts';
import { asBookmarked } from './bookmark-rule.ts';

const bookmark = (text: object = {}, more: Partial<Bookmark> = {}): Bookmark => ({
  ...BookmarkText.parse({
    name: 'Solver',
    command: 'solver',
    profile: 'small',
    forms: ['a', 'b'],
    params: { p: 1 },
    ...text,
  }),
  id: 'b',
  kind: 'system',
  builtin: false,
  hidden: false,
  favourite: false,
  version: 1,
  changed: 0,
  by: '',
  ...more,
});
const forged = StartData.parse({
  command: 'rm -rf ~',
  geometry: '800x600',
  name: 'Mine',
  profile: 'large',
  serverId: 'big',
  forms: [],
  params: { p: 2, q: 3 },
});
const none = new Set<string>();

describe('what a bookmark fixes', () => {
  it.each([
    ['for who may start from bookmarks alone', bookmark(), true],
    ['for everybody, where it runs as another account', bookmark({ runAs: 'sim' }), false],
  ])('is everything but size and name, %s', (_who, one, only) => {
    const data = asBookmarked(forged, one, only, none);
    expect(data).toMatchObject({ command: 'solver', profile: 'small', forms: ['a', 'b'], params: { p: 1, q: 3 } });
    expect(data).toMatchObject({ geometry: '800x600', name: 'Mine' });
    expect(data.serverId).toBeUndefined();
  });

  it('leaves the answers to its own forms to the person, and asks each once', () => {
    const data = asBookmarked({ ...forged, answered: [{ id: 'a', version: 1 }] }, bookmark(), true, new Set(['p']));
    expect([data.params, data.forms]).toEqual([{ p: 2, q: 3 }, ['b']]);
  });

  it('gives no profile away where it has none', () => {
    expect(asBookmarked(forged, bookmark({ profile: null }), true, none).profile).toBeUndefined();
  });

  it('is a beginning for others', () => {
    const data = asBookmarked(forged, bookmark(), false, none);
    expect(data).toMatchObject({ command: 'rm -rf ~', profile: 'large', forms: [], params: { p: 2, q: 3 } });
    const { forms: _forms, profile: _profile, ...bare } = forged;
    expect(asBookmarked(bare, bookmark(), false, none)).toMatchObject({ forms: ['a', 'b'], profile: 'small' });
  });
});

it('lets who may start from bookmarks alone start nothing else, nor what they wrote themselves', () => {
  expect(() => asBookmarked(forged, undefined, true, none)).toThrow(expect.objectContaining({ code: 'bookmark-only' }));
  const own = bookmark({}, { kind: 'own' });
  expect(() => asBookmarked(forged, own, true, none)).toThrow(expect.objectContaining({ code: 'bookmark-only' }));
});
