/** Plays bytes through the real state machine and the real wasm, in Node. */
import { readFileSync } from 'node:fs';
import { buildDecoder } from '../../scripts/build-decoder.mjs';
import type { RfbEvent } from '../../src/rfb/events.ts';
import { RfbSession, type SessionOptions } from '../../src/rfb/session.ts';
import { WasmDecoder } from '../../src/screen/worker/decoder.ts';
import { Intake } from '../../src/screen/worker/intake.ts';

export async function loadDecoder(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(new Uint8Array(readFileSync(await buildDecoder())));
}

export interface Player {
  decoder: WasmDecoder;
  session: RfbSession;
  intake: Intake;
  sent: Uint8Array[];
  events: RfbEvent[];
}

const OPTIONS: SessionOptions = {
  shared: true,
  viewOnly: false,
  quality: 6,
  compression: 2,
  abilities: { jpeg: true, h264: false },
};

export function createPlayer(
  module: WebAssembly.Module,
  options: Partial<SessionOptions> = {},
  updated: (player: Player) => void = () => undefined,
  decoder: WasmDecoder = new WasmDecoder(module, () => undefined),
): Player {
  const sent: Uint8Array[] = [];
  const events: RfbEvent[] = [];
  const session = new RfbSession(
    decoder.reader,
    decoder,
    {
      send: (bytes) => sent.push(bytes),
      event: (event) => events.push(event),
      updated: () => updated(player),
    },
    { ...OPTIONS, ...options },
  );
  const player: Player = { decoder, session, intake: new Intake(decoder, session), sent, events };
  return player;
}
