/** Seconds of each unit in which a length of time is written. */
export const UNITS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;
export type Unit = keyof typeof UNITS;

/** The longest unit of which it is a whole number. */
export function longest(seconds: number): Unit {
  return (['days', 'hours', 'minutes'] as const).find((unit) => seconds % UNITS[unit] === 0) ?? 'seconds';
}

/** "2 hours", in the reader's language. */
export function inWords(seconds: number, locale: string): string {
  const unit = longest(seconds);
  const one = { seconds: 'second', minutes: 'minute', hours: 'hour', days: 'day' }[unit];
  return new Intl.NumberFormat(locale, { style: 'unit', unit: one, unitDisplay: 'long' }).format(seconds / UNITS[unit]);
}
