import { describe, expect, it } from 'vitest';
import { CasementError } from '../../src/contract/errors.ts';
import { LoginThrottle, networkOf } from './throttle.ts';

function setup() {
  const clock = { time: 1_000_000 };
  const throttle = new LoginThrottle({ now: () => clock.time, address: { free: 19, longest: 120_000 } });
  /** Seconds to wait, 0 for a try that was let through. */
  const attempt = (name: string, address = '192.0.2.1'): number => {
    try {
      throttle.begin(name, address);
      return 0;
    } catch (error) {
      if (!(error instanceof CasementError) || error.code !== 'rate-limited') throw error;
      return (error.details as { retryAfter: number }).retryAfter;
    }
  };
  return { clock, throttle, attempt };
}

describe('guessing a name', () => {
  it('waits longer with each failure, a minute at most, wherever it comes from', () => {
    const { clock, attempt } = setup();
    const waits: number[] = [];
    for (let i = 0; i < 14; i++) {
      const wait = attempt('me', `192.0.2.${i}`);
      waits.push(wait);
      if (wait > 0) {
        clock.time += wait * 1000;
        expect(attempt('me', `198.51.100.${i}`)).toBe(0);
      }
    }
    expect(waits.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    expect(waits.slice(5)).toEqual([2, 4, 8, 16, 32, 60, 60, 60, 60]);
  });

  it('gains nothing by many tries at once, and none of it hinders other names', () => {
    const { attempt } = setup();
    const tries = Array.from({ length: 10 }, (_, i) => attempt('me', `192.0.2.${i}`));
    expect(tries.filter((wait) => wait === 0)).toHaveLength(5);
    expect(attempt('you', '192.0.2.200')).toBe(0);
  });

  it('is forgiven by a login, by time, and where sshd was not reached', () => {
    const { clock, throttle, attempt } = setup();
    const five = () => {
      for (let i = 0; i < 5; i++) attempt('me', `192.0.2.${i}`);
    };
    five();
    throttle.passed('me', '192.0.2.1');
    expect(attempt('me')).toBe(0);
    five();
    expect(attempt('me')).toBeGreaterThan(0);
    clock.time += 16 * 60_000;
    expect(attempt('me')).toBe(0);
    for (let i = 0; i < 20; i++) {
      expect(attempt('you', '192.0.2.77')).toBe(0);
      throttle.void('you', '192.0.2.77');
    }
  });
});

describe('guessing from one address', () => {
  it('waits whatever names are tried, and one own login between does not start it anew', () => {
    const { throttle, attempt } = setup();
    for (let i = 0; i < 19; i++) expect(attempt(`name${i}`)).toBe(0);
    expect(attempt('mine')).toBe(0);
    throttle.passed('mine', '192.0.2.1');
    expect(attempt('name20')).toBe(0);
    expect(attempt('name21')).toBeGreaterThan(0);
    expect(attempt('name21', '192.0.2.2')).toBe(0);
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
  ])('takes %s for a part of %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
