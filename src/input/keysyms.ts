/**
 * What a key means: `KeyboardEvent.key` to X keysym. Characters follow the rule of the X protocol (Latin-1 as it is,
 * the rest 0x01000000 above its code point); the named keys are the table below, from X11's keysymdef.h.
 */

import { keysymOfCharacter } from '../contract/keysym.ts';

export const KEYSYM = {
  BackSpace: 0xff08,
  Tab: 0xff09,
  Return: 0xff0d,
  Escape: 0xff1b,
  Delete: 0xffff,
  Print: 0xff61,
  Shift_L: 0xffe1,
  Shift_R: 0xffe2,
  Control_L: 0xffe3,
  Control_R: 0xffe4,
  Alt_L: 0xffe9,
  Alt_R: 0xffea,
  Super_L: 0xffeb,
  Super_R: 0xffec,
  F1: 0xffbe,
  F4: 0xffc1,
} as const;

/** `[left or only, right, number pad]`, by `KeyboardEvent.location` 0 and 1, 2, 3. */
const NAMED: Readonly<Record<string, readonly [number, (number | undefined)?, number?]>> = {
  Backspace: [KEYSYM.BackSpace],
  Tab: [KEYSYM.Tab],
  Enter: [KEYSYM.Return, undefined, 0xff8d],
  Escape: [KEYSYM.Escape],
  Clear: [0xff0b, undefined, 0xff9d],
  Pause: [0xff13],
  ScrollLock: [0xff14],
  PrintScreen: [KEYSYM.Print],
  Delete: [KEYSYM.Delete, undefined, 0xff9f],
  Home: [0xff50, undefined, 0xff95],
  ArrowLeft: [0xff51, undefined, 0xff96],
  ArrowUp: [0xff52, undefined, 0xff97],
  ArrowRight: [0xff53, undefined, 0xff98],
  ArrowDown: [0xff54, undefined, 0xff99],
  PageUp: [0xff55, undefined, 0xff9a],
  PageDown: [0xff56, undefined, 0xff9b],
  End: [0xff57, undefined, 0xff9c],
  Insert: [0xff63, undefined, 0xff9e],
  Select: [0xff60],
  Execute: [0xff62],
  Undo: [0xff65],
  Redo: [0xff66],
  ContextMenu: [0xff67],
  Find: [0xff68],
  Cancel: [0xff69],
  Help: [0xff6a],
  NumLock: [0xff7f],
  Shift: [KEYSYM.Shift_L, KEYSYM.Shift_R],
  Control: [KEYSYM.Control_L, KEYSYM.Control_R],
  Alt: [KEYSYM.Alt_L, KEYSYM.Alt_R],
  Meta: [KEYSYM.Super_L, KEYSYM.Super_R],
  Super: [KEYSYM.Super_L, KEYSYM.Super_R],
  Hyper: [0xffed, 0xffee],
  CapsLock: [0xffe5],
  AltGraph: [0xfe03],
  // Japanese and Korean keyboards
  KanjiMode: [0xff21],
  NonConvert: [0xff22],
  Convert: [0xff23],
  Romaji: [0xff24],
  Hiragana: [0xff25],
  Katakana: [0xff26],
  HiraganaKatakana: [0xff27],
  Zenkaku: [0xff28],
  Hankaku: [0xff29],
  ZenkakuHankaku: [0xff2a],
  KanaMode: [0xff2d],
  Eisu: [0xff2f],
  Alphanumeric: [0xff30],
  HangulMode: [0xff31],
  HanjaMode: [0xff34],
  // Multimedia and browser keys
  AudioVolumeDown: [0x1008ff11],
  AudioVolumeMute: [0x1008ff12],
  AudioVolumeUp: [0x1008ff13],
  MediaPlayPause: [0x1008ff14],
  MediaStop: [0x1008ff15],
  MediaTrackPrevious: [0x1008ff16],
  MediaTrackNext: [0x1008ff17],
  BrowserHome: [0x1008ff18],
  LaunchMail: [0x1008ff19],
  BrowserSearch: [0x1008ff1b],
  LaunchApplication2: [0x1008ff1d],
  BrowserBack: [0x1008ff26],
  BrowserForward: [0x1008ff27],
  BrowserStop: [0x1008ff28],
  BrowserRefresh: [0x1008ff29],
  BrowserFavorites: [0x1008ff30],
  Standby: [0x1008ff2f],
};

/** Characters of the number pad have keysyms of their own, so that programs can tell them apart. */
const NUMBER_PAD: Readonly<Record<string, number>> = {
  '*': 0xffaa,
  '+': 0xffab,
  '-': 0xffad,
  '/': 0xffaf,
  '=': 0xffbd,
};
const KP_DECIMAL = 0xffae;
const KP_SEPARATOR = 0xffac;
const KP_0 = 0xffb0;

const NUMBER_PAD_LOCATION = 3;
const RIGHT_LOCATION = 2;

export interface KeyInfo {
  readonly key: string;
  readonly code: string;
  /** `KeyboardEvent.location`: 0 standard, 1 left, 2 right, 3 number pad. */
  readonly location: number;
}

/** The keysym, or `undefined` for a key that means nothing by itself (dead, composing, unidentified). */
export function keysymOf(info: KeyInfo): number | undefined {
  const { key, location } = info;
  const named = Object.hasOwn(NAMED, key) ? NAMED[key] : undefined;
  if (named) {
    const [standard, right, pad] = named;
    if (location === RIGHT_LOCATION) return right ?? standard;
    return location === NUMBER_PAD_LOCATION ? (pad ?? standard) : standard;
  }
  const f = /^F([1-9]|[12]\d|3[0-5])$/.exec(key);
  if (f) return KEYSYM.F1 + Number(f[1]) - 1;
  const [character, more] = key;
  if (character === undefined || more !== undefined) return undefined;
  return (
    (location === NUMBER_PAD_LOCATION ? numberPad(info.code, character) : undefined) ?? keysymOfCharacter(character)
  );
}

function numberPad(code: string, character: string): number | undefined {
  if (/^[0-9]$/.test(character)) return KP_0 + Number(character);
  // The same key is a point or a comma, by layout.
  if (code === 'NumpadDecimal') return character === ',' ? KP_SEPARATOR : KP_DECIMAL;
  return NUMBER_PAD[character];
}
