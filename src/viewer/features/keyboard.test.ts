import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ViewerFrame, Welcome } from '../../contract/socket.ts';
import type { FeatureContext } from '../feature.ts';
import { keyboard, type KeyboardFeature } from './keyboard.ts';

let sent: ViewerFrame[];
let modes: string[];
let chosen: Record<string, string | undefined>;
let made: KeyboardFeature | undefined;

function install(navigator: { languages: string[]; platform?: string; keys?: string }): KeyboardFeature {
  const map = navigator.keys?.split(' ').map((pair): [string, string] => [pair.slice(0, -2), pair.slice(-1)]);
  const listening = new EventTarget();
  const context = {
    window: Object.assign(listening, {
      navigator: {
        languages: navigator.languages,
        platform: navigator.platform ?? 'Linux x86_64',
        ...(map ? { keyboard: { getLayoutMap: () => Promise.resolve(map) } } : {}),
      },
    }),
    desktop: {
      keysAs: (mode: string, layout?: string) => modes.push(layout === undefined ? mode : `${mode} ${layout}`),
    },
    preferences: {
      get: (name: string) => chosen[name],
      set: (change: Record<string, string | undefined>) => Object.assign(chosen, change),
    },
    send: (frame: ViewerFrame) => sent.push(frame),
  } as unknown as FeatureContext;
  made = keyboard(context);
  return made;
}

const welcome = (feature: KeyboardFeature) => {
  feature.onWelcome?.({} as Welcome);
  feature.onRole?.('master', true);
};

beforeEach(() => {
  sent = [];
  modes = [];
  chosen = {};
});
afterEach(() => made?.dispose?.());

describe('keys', () => {
  it('go as keys only while the session has the layout of whoever types', () => {
    const feature = install({ languages: ['fr-FR'] });
    expect(modes.at(-1)).toBe('characters');
    welcome(feature);
    expect(sent).toEqual([{ t: 'keyboard', layout: 'fr' }]);
    expect(modes.at(-1)).toBe('characters');
    feature.onFrame?.({ t: 'keyboard', layout: 'fr' });
    expect(modes.at(-1)).toBe('keys fr');
    // Somebody else in control has another.
    feature.onFrame?.({ t: 'keyboard', layout: 'us' });
    expect(modes.at(-1)).toBe('characters');
    feature.onFrame?.({ t: 'keyboard', layout: null });
    expect(modes.at(-1)).toBe('characters');
    expect(sent).toHaveLength(1);
  });

  it('ask again on the next connection and when control comes back, and never from who watches', () => {
    const feature = install({ languages: ['de'] });
    feature.onWelcome?.({} as Welcome);
    feature.onRole?.('viewer', false);
    expect(sent).toEqual([]);
    feature.onRole?.('controller', true);
    expect(sent).toHaveLength(1);
    feature.onRole?.('viewer', false);
    feature.onRole?.('controller', true);
    expect(sent).toHaveLength(2);
    feature.onFrame?.({ t: 'keyboard', layout: 'de' });
    feature.onState?.({ state: 'reconnecting', attempt: 1, nextAt: 0 });
    feature.onWelcome?.({} as Welcome);
    expect(sent).toHaveLength(3);
    expect(modes.at(-1)).toBe('characters');
  });

  it('are known by the browser’s map rather than by the language', async () => {
    const feature = install({ languages: ['en-US'], keys: 'KeyA=q KeyQ=a KeyZ=w KeyW=z Digit2=é Minus=)' });
    await vi.waitFor(() => expect(modes.length).toBeGreaterThan(1));
    welcome(feature);
    expect(sent).toEqual([{ t: 'keyboard', layout: 'fr' }]);
  });

  it('are learned by what they write, also when somebody changes the layout', () => {
    const feature = install({ languages: ['en-US'] });
    welcome(feature);
    feature.otherLayout('KeyY', 'z');
    expect(sent.at(-1)).toEqual({ t: 'keyboard', layout: 'de' });
    feature.otherLayout('Slash', '-');
    feature.otherLayout('Minus', "'");
    expect(sent.at(-1)).toEqual({ t: 'keyboard', layout: 'ch' });
    feature.otherLayout('KeyC', 'с');
    expect(sent.at(-1)).toEqual({ t: 'keyboard', layout: 'ru' });
    feature.otherLayout('KeyB', 'b');
    expect(sent.at(-1)).toEqual({ t: 'keyboard', layout: 'us' });
  });

  it('go as a person chose, whatever they seem to be', () => {
    chosen = { layout: 'se' };
    const feature = install({ languages: ['de'] });
    welcome(feature);
    feature.otherLayout('KeyY', 'z');
    expect(sent).toEqual([{ t: 'keyboard', layout: 'se' }]);
    chosen = { layout: 'characters' };
    feature.onFrame?.({ t: 'keyboard', layout: 'se' });
    expect(modes.at(-1)).toBe('characters');
  });

  it('of a Mac go as characters (unproven on the device)', () => {
    const feature = install({ languages: ['de'], platform: 'MacIntel' });
    welcome(feature);
    feature.onFrame?.({ t: 'keyboard', layout: 'de' });
    expect(modes.at(-1)).toBe('characters');
  });
});

describe('what a person chooses', () => {
  it('holds at once, is asked for again, and can be taken back', () => {
    const feature = install({ languages: ['de'] });
    welcome(feature);
    feature.onFrame?.({ t: 'keyboard', layout: 'de' });
    expect([feature.found, feature.chosen, feature.refused]).toEqual(['de', undefined, false]);
    feature.choose('xx');
    expect(sent.at(-1)).toEqual({ t: 'keyboard', layout: 'xx' });
    const heard: boolean[] = [];
    feature.onAnswer = () => heard.push(feature.refused);
    feature.onFrame?.({ t: 'keyboard', layout: null });
    expect(heard).toEqual([true]);
    feature.choose('characters');
    expect(modes.at(-1)).toBe('characters');
    feature.choose(undefined);
    feature.onFrame?.({ t: 'keyboard', layout: 'de' });
    expect(modes.at(-1)).toBe('keys de');
    expect(feature.command).toBeUndefined();
  });
});

describe('text', () => {
  it('goes to the server where keys may lack it, whole characters and never too much at once', () => {
    const feature = install({ languages: ['ja'] });
    welcome(feature);
    expect(feature.type('日本')).toBe(false);
    feature.onFrame?.({ t: 'keyboard', layout: 'jp' });
    expect(feature.type('plain\n')).toBe(false);
    sent.length = 0;
    expect(feature.type('x' + '😀'.repeat(150))).toBe(true);
    const texts = sent.map((frame) => (frame.t === 'type' ? frame.text : ''));
    expect(texts.map((text) => text.length)).toEqual([199, 102]);
    expect(texts.join('')).toBe('x' + '😀'.repeat(150));
    feature.onState?.({ state: 'reconnecting', attempt: 1, nextAt: 0 });
    expect(feature.type('日本')).toBe(false);
  });
});
