import { expect, it } from 'vitest';
import { isSecretName } from '../../src/contract/secret-names.ts';
import { redact } from './redact.ts';

it.each([
  'password',
  'dbPassword',
  'PASSWD',
  'api_token',
  'clientSecret',
  'sshKey',
  'ssh_key',
  'key',
  'PIN',
  'userPin',
  'apiKey',
  'apikey',
  'otp',
])('takes %s for the name of a secret', (name) => expect(isSecretName(name)).toBe(true));
it.each(['keyboardLayout', 'keyboard', 'monkey', 'spinner', 'command', 'pinned', 'passenger', 'name'])(
  'does not take %s for one',
  (name) => expect(isSecretName(name)).toBe(false),
);

it('masks secrets wherever they are, clips what is long, and keeps nothing that is too large', () => {
  const input = { a: [{ token: { deep: 1 } }], empty: { password: '' }, long: 'x'.repeat(5000), none: undefined };
  const kept = redact(input) as { a: unknown; empty: unknown; long: string };
  expect(kept.a).toEqual([{ token: '•••' }]);
  expect(kept.empty).toEqual({ password: '' });
  expect(kept.long).toHaveLength(4097);
  expect(redact({ fields: [{ name: 'password', defaultValue: 'x' }] })).toEqual({
    fields: [{ name: 'password', defaultValue: '•••' }],
  });
  expect(redact(Array.from({ length: 100 }, () => 'x'.repeat(4000)))).toBeUndefined();
});
