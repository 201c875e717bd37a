/** What the typed inputs of HTML accept, so that a value that never saw a browser is held to the same. */
import type { FieldProblem } from '../../contract/form.ts';

interface Format {
  readonly code: FieldProblem['code'];
  test(value: string): boolean;
}

interface Ordinal {
  /** Milliseconds or months; `undefined` when the text is no such date or time. */
  toNumber(text: string): number | undefined;
  /** How much of that one `step` is. */
  readonly unit: number;
  /** Where steps are counted from when there is no `min`. */
  readonly base: number;
}

const DAY = 86_400_000;

// Bounded repetitions only: this runs on the server.
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const EMAIL = new RegExp(`^[a-z0-9.!#$%&'*+/=?^_\`{|}~-]{1,64}@${LABEL}(?:\\.${LABEL}){0,32}$`, 'i');

export const FORMATS: Readonly<Record<string, Format | undefined>> = {
  email: { code: 'email', test: (value) => value.length <= 320 && EMAIL.test(value) },
  url: { code: 'url', test: (value) => value.length <= 8192 && URL.canParse(value) },
  color: { code: 'type', test: (value) => /^#[0-9a-f]{6}$/i.test(value) },
};

export const STEP_BASES: Readonly<Record<string, Ordinal | undefined>> = {
  date: { toNumber: toDay, unit: DAY, base: 0 },
  time: { toNumber: toTime, unit: 1000, base: 0 },
  'datetime-local': { toNumber: toMoment, unit: 1000, base: 0 },
  month: { toNumber: toMonth, unit: 1, base: 0 },
  // Weeks are counted from the Monday of 1970-W01.
  week: { toNumber: toWeek, unit: 7 * DAY, base: -3 * DAY },
};

function toDay(text: string): number | undefined {
  const match = /^(\d{4,6})-(\d\d)-(\d\d)$/.exec(text);
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  // The 31st of June becomes the 1st of July by itself: then it was no date.
  const same = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return year > 0 && same ? at.getTime() : undefined;
}

function toTime(text: string): number | undefined {
  const match = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?$/.exec(text);
  if (!match) return undefined;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + Number((match[4] ?? '').padEnd(3, '0'));
}

function toMoment(text: string): number | undefined {
  const [date = '', time = '', ...rest] = text.split(/[T ]/);
  const [day, clock] = [toDay(date), toTime(time)];
  return day === undefined || clock === undefined || rest.length > 0 ? undefined : day + clock;
}

function toMonth(text: string): number | undefined {
  const match = /^(\d{4,6})-(\d\d)$/.exec(text);
  if (!match) return undefined;
  const [year, month] = [Number(match[1]), Number(match[2])];
  return year > 0 && month >= 1 && month <= 12 ? (year - 1970) * 12 + month - 1 : undefined;
}

function toWeek(text: string): number | undefined {
  const match = /^(\d{4,6})-W(\d\d)$/.exec(text);
  if (!match) return undefined;
  const [year, week] = [Number(match[1]), Number(match[2])];
  const first = mondayOfFirstWeek(year);
  const weeks = Math.round((mondayOfFirstWeek(year + 1) - first) / (7 * DAY));
  return year > 0 && week >= 1 && week <= weeks ? first + (week - 1) * 7 * DAY : undefined;
}

/** The first week of a year is the one with its 4th of January (ISO 8601). */
function mondayOfFirstWeek(year: number): number {
  const fourth = new Date(0);
  fourth.setUTCFullYear(year, 0, 4);
  return fourth.getTime() - ((fourth.getUTCDay() + 6) % 7) * DAY;
}
