/**
 * Keyboard layouts: their names in XKB, for people, and in the numbers of Windows; and which one somebody has, by what
 * some of the keys write. The characters are those of xkeyboard-config's symbols; a dead key is its accent alone.
 */

/** The keys by which layouts are told apart, in the order of the tables' characters. */
export const TELLING: readonly string[] = [
  ...'Backquote Digit1 Digit2 Minus Equal KeyQ KeyW KeyA KeyZ KeyY KeyM BracketLeft BracketRight'.split(' '),
  ...'Semicolon Quote Backslash Comma Period Slash IntlBackslash'.split(' '),
];

/** XKB name, name in its own language, what the telling keys write without Shift, Windows' number. */
const TABLE: readonly (readonly [string, string, string, number])[] = [
  ['us', 'English (US)', "`12-=qwazym[];'\\,./<", 0x409],
  ['gb', 'English (UK)', "`12-=qwazym[];'#,./\\", 0x809],
  ['de', 'Deutsch', '^12ß´qwayzmü+öä#,.-<', 0x407],
  ['fr', 'Français', '²&é)=azqwy,^$mù*;:!<', 0x40c],
  ['es', 'Español', "º12'¡qwazym`+ñ´ç,.-<", 0xc0a],
  ['ch', 'Deutsch (Schweiz)', "§12'^qwayzmü¨öä$,.-<", 0x807],
  ['ch(fr)', 'Français (Suisse)', "§12'^qwayzmè¨éà$,.-<", 0x100c],
  ['at', 'Deutsch (Österreich)', '^12ß´qwayzmü+öä#,.-<', 0xc07],
  ['se', 'Svenska', "§12+´qwazymå¨öä',.-<", 0x41d],
  ['no', 'Norsk', "|12+\\qwazymå¨øæ',.-<", 0x414],
  ['dk', 'Dansk', "½12+´qwazymå¨æø',.-<", 0x406],
  ['fi', 'Suomi', "§12+´qwazymå¨öä',.-<", 0x40b],
  ['jp', '日本語', ' 12-^qwazym@[;:],./<', 0x411],
  ['us(dvorak)', 'English (Dvorak)', "`12[]',a;fm/=s-\\wvz<", 0x10409],
  ['us(colemak)', 'English (Colemak)', "`12-=qwazjm[]o'\\,./-", 0x60409],
  ['us(intl)', 'English (US, international)', '`12-=qwazym[];´\\,./\\', 0x20409],
  ['it', 'Italiano', "\\12'ìqwazymè+òàù,.-<", 0x410],
  ['pt', 'Português', "\\12'«qwazym+´çº~,.-<", 0x816],
  ['br', 'Português (Brasil)', "'12-=qwazym´[ç~],.;\\", 0x416],
  ['latam', 'Español (Latinoamérica)', "|12'¿qwazym´+ñ{},.-<", 0x80a],
  ['be', 'Belgisch / Belge', '²&é)-azqwy,^$mùµ;:=<', 0x80c],
  ['nl', 'Nederlands', '@12/°qwazym¨*+´<,.-]', 0x413],
  ['ca', 'Français (Canada)', '#12-=qwazym^¸;`<,.é«', 0xc0c],
  ['pl', 'Polski', "`12-=qwazym[];'\\,./<", 0x415],
  ['cz', 'Čeština', ';+ě=´qwayzmú)ů§¨,.-\\', 0x405],
  ['sk', 'Slovenčina', ';+ľ=´qwayzmúäô§ň,.-\\', 0x41b],
  ['hu', 'Magyar', '012üóqwayzmőúéáű,.-í', 0x40e],
  ['tr', 'Türkçe', '"12*-qwazymğüşi,öç.<', 0x41f],
  ['ru', 'Русский', 'ё12-=йцфяньхъжэ\\бю./', 0x419],
  ['ua', 'Українська', "'12-=йцфяньхїжєґбю./", 0x422],
  ['gr', 'Ελληνικά', "`12-=;ςαζυμ[]´'\\,./«", 0x408],
  ['kr', '한국어', "`12-=qwazym[];'\\,./<", 0x412],
];

export interface Layout {
  /** `de`, `us(dvorak)` */
  readonly name: string;
  readonly label: string;
}

export const LAYOUTS: readonly Layout[] = TABLE.map(([name, label]) => ({ name, label }));

/** Layouts whose letters are not Latin ones. Those of Japan and Korea write Latin; the rest is an input method's. */
const OTHER_SCRIPT: Readonly<Record<string, RegExp>> = {
  ru: /\p{Script=Cyrillic}/u,
  ua: /\p{Script=Cyrillic}/u,
  gr: /\p{Script=Greek}/u,
};
const LATIN = /\p{Script=Latin}/u;

/** What the keys A to Z write where it is not their own letter, besides the telling ones. */
const LETTERS: Readonly<Record<string, string>> = {
  'us(dvorak)': "axje.uidchtnmbrl'poygk,qf;",
  'us(colemak)': 'abcsftdhuneimky;qprglvwxjz',
  tr: 'abcdefghıjklmnopqrstuvwxyz',
};
const OWN_LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** What the keys 3 to 9 and 0 write where it is not their own digit. */
const DIGITS: Readonly<Record<string, string>> = {
  fr: '"\'(-è_çà',
  be: '"\'(§è!çà',
  cz: 'ščřžýáíé',
  sk: 'ščťžýáíé',
  hu: '3456789ö',
};
const OWN_DIGITS = '34567890';

/** What the keys of a layout write that tell it, by their codes. */
const KEYS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  TABLE.map(([name, , characters]) => {
    const letters = Object.hasOwn(OTHER_SCRIPT, name) ? '' : (LETTERS[name] ?? OWN_LETTERS);
    const digits = DIGITS[name] ?? OWN_DIGITS;
    const keys = [
      ...Array.from(digits, (character, at) => [`Digit${OWN_DIGITS[at]}`, character] as const),
      ...Array.from(letters, (letter, at) => [`Key${OWN_LETTERS[at]?.toUpperCase()}`, letter] as const),
      ...Array.from(characters, (character, at) => [TELLING[at] ?? '', character] as const),
    ];
    return [name, new Map(keys.filter(([, character]) => character !== ' '))];
  }),
);

/** Characters that are dead keys on some layout: a browser may name one as it is, or as dead. */
const ACCENTS = '`´^~¨°¸˛ˇ˘˙˝¯';

/** By the language alone: the layout that most people have who read it. */
const OF_LANGUAGE: Readonly<Record<string, string>> = {
  en: 'us',
  'en-GB': 'gb',
  'de-CH': 'ch',
  'de-AT': 'at',
  'fr-CH': 'ch(fr)',
  'fr-BE': 'be',
  'fr-CA': 'ca',
  'nl-BE': 'be',
  'pt-BR': 'br',
  'es-419': 'latam',
  'es-MX': 'latam',
  'es-AR': 'latam',
  sv: 'se',
  da: 'dk',
  nb: 'no',
  nn: 'no',
  ja: 'jp',
  cs: 'cz',
  el: 'gr',
  uk: 'ua',
  ko: 'kr',
  ...Object.fromEntries('de fr es fi it pt nl pl sk hu tr ru no'.split(' ').map((same) => [same, same])),
};

export function layoutOfLanguage(languages: readonly string[]): string | undefined {
  for (const language of languages) {
    const [short = ''] = language.split('-');
    const found = Object.hasOwn(OF_LANGUAGE, language) ? OF_LANGUAGE[language] : undefined;
    const layout = found ?? (Object.hasOwn(OF_LANGUAGE, short) ? OF_LANGUAGE[short] : undefined);
    if (layout !== undefined) return layout;
  }
  return undefined;
}

/** What keys have been seen to write, by their codes. */
export type Written = Iterable<readonly [code: string, key: string]>;

/** Of a whole map one key may be another: keyboards of one country differ in as much. */
const WHOLE_MAP = 20;

/**
 * The layout whose keys write what was seen. Between those that fit as well the present one stays, then the language
 * decides, then how common they are. `undefined` when none fits: a wrong one would be worse than none.
 */
export function layoutOfKeys(written: Written, languages: readonly string[], present?: string): string | undefined {
  const keys = [...written];
  const likely = [present, ...languages.map((language) => layoutOfLanguage([language]))];
  const names = new Set([...likely, ...KEYS.keys()].filter((name) => name !== undefined));
  let best: { name: string; wrong: number } | undefined;
  for (const name of names) {
    const wrong = keys.filter(([code, key]) => contradicts(name, code, key)).length;
    if (!best || wrong < best.wrong) best = { name, wrong };
  }
  return best && best.wrong <= (keys.length > WHOLE_MAP ? 1 : 0) ? best.name : undefined;
}

/** The layout that a page written for Windows' numbers means. */
export function layoutOfNumber(number: number): string | undefined {
  return TABLE.find(([, , , windows]) => windows === number)?.[0];
}

/** Writes the key, without Shift, something else than it would on this layout? Then the layout is not the one. */
export function contradicts(layout: string, code: string, key: string): boolean {
  const character = KEYS.get(layout)?.get(code);
  if (key === 'Dead') return character !== undefined && !ACCENTS.includes(character);
  if (Array.from(key).length !== 1) return false;
  const letters = OTHER_SCRIPT[layout] ?? LATIN;
  if (code.startsWith('Key') && /\p{L}/u.test(key) && !letters.test(key)) return true;
  if (character === undefined || (ACCENTS.includes(character) && ACCENTS.includes(key))) return false;
  const lower = key.toLowerCase();
  // After a dead key it is a letter with an accent.
  return lower !== character && lower.normalize('NFD')[0] !== character;
}
