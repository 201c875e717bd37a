/** A worker that decodes and does nothing else: session, intake and wasm as in the product, without line and canvas. */
import decoderUrl from '../../decoder/build/decoder.wasm?url';
import { RfbSession } from '../../src/rfb/session.ts';
import { Damage } from '../../src/screen/worker/damage.ts';
import { WasmDecoder } from '../../src/screen/worker/decoder.ts';
import { Intake } from '../../src/screen/worker/intake.ts';

export interface AloneRequest {
  handshake: Uint8Array[];
  /** Everything behind the handshake, in one piece. */
  stream: Uint8Array;
  repeats: number;
}

const damage = new Damage();
const loading = fetch(decoderUrl)
  .then((response) => response.arrayBuffer())
  .then((bytes) => WebAssembly.compile(bytes))
  .then((module) => new WasmDecoder(module, (x, y, width, height) => damage.add(x, y, width, height)));

/** Milliseconds for the stream. */
function play(decoder: WasmDecoder, { handshake, stream }: AloneRequest): number {
  decoder.reset();
  const session = new RfbSession(
    decoder.reader,
    decoder,
    { send: () => undefined, event: () => undefined, updated: () => undefined },
    { shared: true, viewOnly: false, quality: 6, compression: 2, abilities: { jpeg: true, h264: false } },
  );
  const intake = new Intake(decoder, session);
  for (const bytes of handshake) void intake.push(bytes);
  damage.resize(decoder.width, decoder.height);
  const start = performance.now();
  void intake.push(stream);
  return performance.now() - start;
}

globalThis.addEventListener('message', (event: MessageEvent<AloneRequest>) => {
  void loading.then((decoder) => {
    let sum = 0;
    for (let i = 0; i < event.data.repeats; i++) sum += play(decoder, event.data);
    globalThis.postMessage(sum / event.data.repeats);
  });
});
