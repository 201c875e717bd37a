/** What `scripts/fuzz.mjs` bundles and runs, in the project's folder. */
import { join } from 'node:path';
import { fuzz } from './fuzz.ts';
import { readJpegs } from './generate.ts';
import { loadDecoder } from './play.ts';
import { recordingNames } from './recording.ts';

export async function main(seconds: number, seed: number): Promise<void> {
  const folder = join(process.cwd(), 'test/recordings');
  console.log(`seed ${seed}, ${seconds} s`);
  const result = fuzz({
    module: await loadDecoder(),
    seconds,
    seed,
    jpegs: readJpegs(join(process.cwd(), 'test/fixtures/jpeg')),
    recordings: recordingNames(folder),
    folder,
    log: (line) => console.log(line),
  });
  console.log(JSON.stringify(result));
}
