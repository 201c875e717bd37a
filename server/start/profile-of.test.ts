import { describe, expect, it } from 'vitest';
import { ProfileDraft, type Profile } from '../../src/contract/profile.ts';
import type { Bookmark } from '../../src/contract/bookmark.ts';
import type { StartData } from '../../src/contract/start.ts';
import { allowsServer, profileOf } from './profile-of.ts';

const profile = (id: string, more: { hidden?: boolean; pools?: string[] } = {}): Profile => ({
  ...ProfileDraft.parse({ name: id, ...more }),
  id,
  version: 1,
  changed: 0,
  changedBy: 'ada',
});
const PROFILES = [profile('open'), profile('strict'), profile('secret', { hidden: true }), profile('usual')];
const bookmark = (of: string | null, kind: Bookmark['kind'] = 'system') => ({ profile: of, command: 'xterm', kind });

interface Case {
  readonly sent?: string;
  /** What the functions of the site made of it. */
  readonly agreed?: string | null;
  readonly of?: string | null;
  readonly kind?: Bookmark['kind'];
  readonly command?: string;
  readonly ownDefault?: string;
}

async function choose({ sent, agreed, of, kind, command = 'xterm', ownDefault }: Case): Promise<string> {
  const given = agreed === undefined ? sent : (agreed ?? undefined);
  const data: StartData = { command, geometry: '800x600', keyboardLayout: 'us', ...(given ? { profile: given } : {}) };
  const found = await profileOf(sent, data, of === undefined ? undefined : bookmark(of, kind), {
    get: async (id) => PROFILES.find((one) => one.id === id),
    ownDefault: async () => ownDefault ?? null,
  }).catch((error: Error) => ({ id: error.message }));
  return found?.id ?? 'none';
}

describe('the profile of a start', () => {
  const unknown = (id: string) => `There is no profile “${id}” for this start.`;
  it.each<[string, Case, string]>([
    ['none where nobody says anything', {}, 'none'],
    ['the default of own commands', { ownDefault: 'usual' }, 'usual'],
    ['the one that was chosen, over the default', { sent: 'open', ownDefault: 'usual' }, 'open'],
    ['the bookmark’s, over the default', { of: 'strict', ownDefault: 'usual' }, 'strict'],
    ['none for a bookmark without one', { of: null, ownDefault: 'usual' }, 'none'],
    [
      'the default for a bookmark’s command that was changed',
      { of: null, command: 'sh', ownDefault: 'usual' },
      'usual',
    ],
    ['the bookmark’s, though another was sent', { of: 'strict', sent: 'open' }, 'strict'],
    ['the bookmark’s, though its command was changed', { of: 'strict', command: 'sh', sent: 'open' }, 'strict'],
    ['a hidden one by a bookmark', { of: 'secret' }, 'secret'],
    ['no hidden one by a bookmark of one’s own', { of: 'secret', kind: 'own' }, unknown('secret')],
    ['a hidden one that a function chose', { sent: 'open', agreed: 'secret' }, 'secret'],
    ['what a function chose, over the bookmark’s', { of: 'strict', agreed: 'open' }, 'open'],
    ['a hidden one that is the default', { ownDefault: 'secret' }, 'secret'],
    ['no hidden one by choice', { sent: 'secret' }, unknown('secret')],
    ['no hidden one beside a bookmark', { of: null, sent: 'secret' }, unknown('secret')],
    ['none that does not exist, by its name', { sent: 'gone' }, unknown('gone')],
    ['none that is gone, though a bookmark names it', { of: 'gone' }, unknown('gone')],
    ['none that is gone, though a function names it', { agreed: 'gone' }, unknown('gone')],
  ])('is %s', async (_what, given, expected) => {
    expect(await choose(given)).toBe(expected);
  });

  it('is for the pools it names, or for all', () => {
    expect(allowsServer(profile('x'), { serverPool: 'gpu' })).toBe(true);
    expect(allowsServer(profile('x', { pools: ['gpu', 'cpu'] }), { serverPool: 'gpu' })).toBe(true);
    expect(allowsServer(profile('x', { pools: ['cpu'] }), { serverPool: '' })).toBe(false);
  });
});
