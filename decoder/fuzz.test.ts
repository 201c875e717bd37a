import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { fuzz } from './test/fuzz.ts';
import { readJpegs } from './test/generate.ts';
import { loadDecoder } from './test/play.ts';
import { recordingNames } from './test/recording.ts';

const SECONDS = Number(process.env['CASEMENT_FUZZ_SECONDS'] ?? 30);

it(
  'damaged and hostile streams end in a code, never in a trap or a hang',
  { timeout: SECONDS * 1000 + 60_000 },
  async () => {
    const result = fuzz({
      module: await loadDecoder(),
      seconds: SECONDS,
      seed: 1,
      jpegs: readJpegs(fileURLToPath(new URL('../test/fixtures/jpeg', import.meta.url))),
      recordings: recordingNames(),
    });
    expect(result.rounds).toBeGreaterThan(20);
    // Were nothing refused, nothing hostile would have been tried.
    expect(Object.keys(result.errors)).toEqual(expect.arrayContaining(['decode-failed', 'rfb-protocol', 'rfb-limit']));
  },
);
