import { describe, expect, it } from 'vitest';
import { encodeViewerData } from '../contract/xrdp.ts';
import { keepForReload, readAddress } from './address.ts';
import { ResumeStore } from './resume-store.ts';

function page(address: string, state: unknown = null) {
  const url = new URL(address, 'https://host/');
  const shown = { url: address, state };
  return {
    shown,
    location: { hash: url.hash, search: url.search, pathname: url.pathname },
    history: {
      state,
      replaceState(next: unknown, _: string, to?: string | URL | null) {
        shown.state = next;
        shown.url = String(to);
      },
    },
  };
}

const data = { id: 'session-1234', password: 'ticket~ÿü', ui: { scaling: 'fit' as const } };
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

describe('the address', () => {
  it.each([
    ['the fragment, URL-safe', `/xrdp#${encodeViewerData(data)}`],
    ['the fragment, standard alphabet with padding', `/xrdp#${base64(data)}`],
    ['the fragment, percent-encoded', `/xrdp#${encodeURIComponent(base64(data))}`],
    ['a bare query', `/xrdp?${base64(data)}`],
    ['a query named data', `/xrdp?data=${encodeURIComponent(base64(data))}`],
  ])('is read from %s, and holds no data afterwards', (_, address) => {
    const window = page(address);
    const opened = readAddress(window);
    expect(opened).toMatchObject({ kind: 'data', data });
    expect(window.shown.url).toBe('/xrdp');
    expect(JSON.stringify(window.shown.state)).not.toContain('ticket');
  });

  it('is known again after a reload, by what the history entry keeps', () => {
    const first = page(`/xrdp#${encodeViewerData(data)}`);
    const opened = readAddress(first);
    const again = readAddress(page('/xrdp', first.shown.state));
    expect(again).toEqual({
      kind: 'again',
      id: data.id,
      slot: opened.kind === 'data' ? opened.slot : '',
      ui: data.ui,
    });
  });

  it('is empty without data, whatever else the history holds', () => {
    expect(readAddress(page('/xrdp')).kind).toBe('empty');
    expect(readAddress(page('/xrdp', { casement: { id: '../x', slot: '1', ui: {} } })).kind).toBe('empty');
  });

  it.each([
    ['base64', '/xrdp#%%%', undefined],
    ['utf8', `/xrdp#${Buffer.from([0xff, 0xfe]).toString('base64')}`, undefined],
    ['json', `/xrdp#${Buffer.from('{nope').toString('base64')}`, undefined],
    ['member', `/xrdp#${base64({ id: 5 })}`, 'id'],
    ['member', `/xrdp#${base64({ id: '../../etc' })}`, 'id'],
    ['member', `/xrdp#${base64({ id: 'session-1234', role: 'king' })}`, 'role'],
  ])('says what is wrong: %s', (problem, address, member) => {
    const window = page(address);
    expect(readAddress(window)).toEqual({ kind: 'unreadable', problem, ...(member ? { member } : {}) });
    expect(window.shown.url).toBe('/xrdp');
  });
});

describe('the resume token', () => {
  it('is kept per frame, so that two viewers of one page do not share it', () => {
    const one = new ResumeStore(() => sessionStorage, 'a');
    one.save('token-a');
    expect(new ResumeStore(() => sessionStorage, 'a').load()).toBe('token-a');
    expect(new ResumeStore(() => sessionStorage, 'b').load()).toBeUndefined();
    one.clear();
    expect(new ResumeStore(() => sessionStorage, 'a').load()).toBeUndefined();
  });

  it('lives in memory where the browser refuses storage', () => {
    const store = new ResumeStore(() => {
      throw new DOMException('denied', 'SecurityError');
    }, 'a');
    store.save('token');
    expect(store.load()).toBe('token');
  });

  it('leaves the address alone when it is kept again', () => {
    const window = page('/xrdp');
    keepForReload(window, 'session-1234', 'slot', {});
    expect(window.shown.url).toBe('/xrdp');
  });
});
