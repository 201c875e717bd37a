import { describe, expect, it } from 'vitest';
import { Rate, sizeText, timeText } from './files-rate.ts';

describe('sizes and times', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1234, '1.2 kB'],
    [99_949, '99.9 kB'],
    [99_950, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [4_294_967_296, '4.3 GB'],
    [5e15, '5,000 TB'],
  ])('%d bytes are %s', (bytes, text) => expect(sizeText(bytes, 'en').replaceAll('\u00a0', ' ')).toBe(text));

  it('are spelled as the language does', () => expect(sizeText(1234, 'de')).toBe('1,2 kB'));

  it.each([
    [0.2, '0:01'],
    [59, '0:59'],
    [61, '1:01'],
    [3599.5, '1:00:00'],
    [3723, '1:02:03'],
  ])('%d seconds are %s', (seconds, text) => expect(timeText(seconds)).toBe(text));
});

describe('how fast bytes go', () => {
  it('is told over the last seconds, and not from before a break', () => {
    const rate = new Rate();
    expect(rate.perSecond).toBe(0);
    rate.mark(0, 0);
    expect(rate.perSecond).toBe(0);
    rate.mark(1000, 500);
    expect(rate.perSecond).toBe(500);
    for (let at = 2000; at <= 10_000; at += 1000) rate.mark(at, 500 + at);
    expect(rate.perSecond).toBe(1000);
    rate.reset();
    rate.mark(60_000, 20_000);
    expect(rate.perSecond).toBe(0);
    // Going back to what the server has.
    rate.mark(61_000, 10_000);
    expect(rate.perSecond).toBe(0);
  });
});
