import { describe, expect, it } from 'vitest';
import { contradicts, LAYOUTS, layoutOfKeys, layoutOfLanguage, layoutOfNumber } from './layouts.ts';

const keys = (text: string): [string, string][] =>
  text.split(' ').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);

/** What Chromium's `getLayoutMap` gives for these, as far as it tells. */
const GERMAN = keys(
  'Backquote=^ Digit1=1 Digit2=2 Minus=ß Equal=´ KeyQ=q KeyW=w KeyA=a KeyZ=y KeyY=z KeyM=m BracketLeft=ü ' +
    'BracketRight=+ Semicolon=ö Quote=ä Backslash=# Comma=, Period=. Slash=- IntlBackslash=< KeyB=b KeyC=c',
);
const AMERICAN = keys(
  'Backquote=` Digit1=1 Digit2=2 Minus=- Equal== KeyQ=q KeyW=w KeyA=a KeyZ=z KeyY=y KeyM=m BracketLeft=[ ' +
    "BracketRight=] Semicolon=; Quote=' Backslash=\\ Comma=, Period=. Slash=/ KeyB=b KeyC=c",
);

describe('the layout of whoever types', () => {
  it('is told by the whole map of a browser, and by the language where two have the same map', () => {
    expect(layoutOfKeys(GERMAN, ['en-US'])).toBe('de');
    expect(layoutOfKeys(GERMAN, ['en-US', 'de-AT'])).toBe('at');
    expect(layoutOfKeys(AMERICAN, ['de-DE'])).toBe('us');
    expect(layoutOfKeys(AMERICAN, ['pl-PL'])).toBe('pl');
    expect(layoutOfKeys(AMERICAN, ['ko-KR', 'en-US'], 'us')).toBe('us');
  });

  it('is told by few keys, and none where none fits', () => {
    expect(layoutOfKeys(keys('KeyY=z'), ['en-US'])).toBe('de');
    expect(layoutOfKeys(keys('KeyY=z Slash=- KeyE=é'), ['de-CH'])).toBe('ch');
    expect(layoutOfKeys(keys('KeyA=q'), ['nl-BE'])).toBe('be');
    expect(layoutOfKeys(keys('KeyA=a KeyM=щ'), ['en'])).toBeUndefined();
    expect(layoutOfKeys(keys('KeyS=o'), ['en'])).toBe('us(dvorak)');
    expect(layoutOfKeys(keys('KeyS=r'), ['en'])).toBe('us(colemak)');
    expect(layoutOfKeys(keys('KeyC=с'), ['en'])).toBe('ru');
    expect(layoutOfKeys(keys('KeyC=с'), ['uk'])).toBe('ua');
  });

  it('is guessed by the languages, the first that is known', () => {
    expect(layoutOfLanguage(['xx', 'fr-CA', 'en'])).toBe('ca');
    expect(layoutOfLanguage(['de-LI'])).toBe('de');
    expect(layoutOfLanguage(['toString', '__proto__'])).toBeUndefined();
  });

  it('has a number in Windows, each its own', () => {
    expect(layoutOfNumber(0x407)).toBe('de');
    expect(layoutOfNumber(0x10409)).toBe('us(dvorak)');
    expect(layoutOfNumber(1)).toBeUndefined();
    expect(new Set(LAYOUTS.map(({ name }) => name)).size).toBe(LAYOUTS.length);
  });
});

describe('a key', () => {
  it.each([
    ['de', 'KeyY', 'z', false],
    ['de', 'KeyY', 'y', true],
    ['us', 'KeyY', 'z', true],
    ['us', 'KeyC', 'с', true],
    ['ru', 'KeyC', 'с', false],
    ['ru', 'KeyB', 'b', true],
    // After a dead key, and a dead key itself.
    ['de', 'KeyA', 'â', false],
    ['us', 'BracketLeft', 'Dead', true],
    ['us', 'Backquote', 'Dead', false],
    ['de', 'Equal', 'Dead', false],
    ['fr', 'BracketLeft', '^', false],
    // Keys that do not tell.
    ['us', 'KeyB', 'b', false],
    ['us', 'KeyS', 'o', true],
    ['us(dvorak)', 'KeyS', 'o', false],
    ['tr', 'KeyI', 'ı', false],
    // Of a program that types, or a keyboard on a screen: it tells a character without the Shift that it takes.
    ['us', 'Digit4', '$', true],
    ['us', 'Quote', '"', true],
    ['fr', 'Digit3', '"', false],
    ['hu', 'Digit0', 'ö', false],
    ['us', 'Enter', 'Enter', false],
    ['us', 'Numpad1', '1', false],
  ] as const)('of %s contradicts with %s writing %s: %s', (layout, code, key, does) => {
    expect(contradicts(layout, code, key)).toBe(does);
  });
});
