/** Reads what an X server's XSETTINGS manager offers, as an ordinary program does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openX } from '../../server/sessions/x-client.ts';
import { decodeCookie } from '../../server/sessions/xauthority.ts';
import type { TestServer } from './server.ts';
import type { SessionRow } from './x-display.ts';

/** `undefined`: nobody offers any. */
export async function readXSettings(
  server: TestServer,
  session: SessionRow,
): Promise<Record<string, number> | undefined> {
  const cookie = decodeCookie(readFileSync(join(server.dataDir, 'link', 'sessions', session.id, 'xauth')));
  if (!cookie) throw new Error('no cookie');
  const x = await openX(session.display, cookie, { onEvent: () => undefined, onLost: () => undefined });
  try {
    const selection = await x.atom('_XSETTINGS_S0');
    const owner = await new Promise<number>((done) => x.client.GetSelectionOwner(selection, (_error, id) => done(id)));
    return owner === 0 ? undefined : parse(await x.property(owner, await x.atom('_XSETTINGS_SETTINGS')));
  } finally {
    x.close();
  }
}

/** Integers only, as ours are. */
function parse(bytes: Buffer): Record<string, number> {
  const settings: Record<string, number> = {};
  let at = 12;
  for (let left = bytes.readUInt32LE(8); left > 0; left--) {
    if (bytes.readUInt8(at) !== 0) throw new Error(`a setting of type ${bytes.readUInt8(at)}`);
    const length = bytes.readUInt16LE(at + 2);
    const name = bytes.toString('latin1', at + 4, at + 4 + length);
    at += 4 + ((length + 3) & ~3);
    settings[name] = bytes.readInt32LE(at + 4);
    at += 8;
  }
  return settings;
}
