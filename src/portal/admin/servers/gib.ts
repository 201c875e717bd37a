/** Bytes as gibibytes with one place, in the reader's language. */
export function gib(bytes: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(bytes / 1024 ** 3);
}
