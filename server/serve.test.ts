import { expect, it } from 'vitest';
import { announce } from './serve.ts';

function announced(host: string, tls: boolean): string {
  const lines: string[] = [];
  const config = { host, dataDir: '/data', ownDataDir: false };
  announce(config, (line) => lines.push(line), { url: 'http://localhost:3300', link: undefined, hint: null, tls });
  return lines.join('\n');
}

it('warns when other machines can reach it without TLS, and only then', () => {
  expect(announced('0.0.0.0', false)).toMatch(/Warning: .*without TLS/);
  expect(announced('0.0.0.0', true)).not.toMatch(/Warning/);
  expect(announced('127.0.0.1', false)).not.toMatch(/Warning/);
});
