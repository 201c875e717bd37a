/**
 * Damaged and hostile streams for a given time. What must hold: no trap, no hang, no write outside the framebuffer, a
 * bounded amount of memory, an error of the catalogue, and a decoder that works again after a reset.
 */
import { RfbError } from '../../src/rfb/rfb-error.ts';
import { StreamMaker, mutate, randomFrom, type Random } from './generate.ts';
import { createPlayer, type Player } from './play.ts';
import { digest, readRecording, wholeStream, type Recording } from './recording.ts';

export interface FuzzOptions {
  module: WebAssembly.Module;
  seconds: number;
  seed: number;
  jpegs: readonly Buffer[];
  /** Names of recordings to damage. */
  recordings: readonly string[];
  /** Where they are; default: the project's. */
  folder?: string;
  log?: (line: string) => void;
}

export interface FuzzResult {
  rounds: number;
  /** Streams that ended in an error, by its code. */
  errors: Record<string, number>;
  /** The longest round. */
  slowestMs: number;
  /** Largest wasm memory seen. */
  memory: number;
}

/** Bytes. The inputs' own limits allow a little less. */
const MEMORY_LIMIT = 400 * 1024 * 1024;
/** A round that takes longer is a hang; rounds take milliseconds. */
const SLOW_MS = 10_000;
/** Recordings are cut to this, so that there are many rounds. */
const PIECE = 300_000;

export function fuzz(options: FuzzOptions): FuzzResult {
  const { module, jpegs, log = () => undefined } = options;
  const recordings = options.recordings.map((name) => readRecording(name, options.folder));
  const intact = recordings.find((recording) => !recording.lossy);
  const result: FuzzResult = { rounds: 0, errors: {}, slowestMs: 0, memory: 0 };
  let player = createPlayer(module);
  const until = performance.now() + options.seconds * 1000;
  for (let seed = options.seed; performance.now() < until; seed++) {
    const random = randomFrom(seed);
    const stream = hostile(random, recordings, jpegs);
    const start = performance.now();
    try {
      player = createPlayer(module, {}, undefined, player.decoder);
      player.decoder.reset();
      feed(player, stream, random);
    } catch (error) {
      if (!(error instanceof RfbError) || error.code === 'internal') {
        throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
      }
      result.errors[error.code] = (result.errors[error.code] ?? 0) + 1;
    }
    const ms = performance.now() - start;
    if (ms > SLOW_MS) throw new Error(`seed ${seed}: ${ms} ms`);
    checkGuard(player, seed);
    result.rounds++;
    result.slowestMs = Math.max(result.slowestMs, ms);
    result.memory = Math.max(result.memory, player.decoder.memoryBytes);
    if (result.memory > MEMORY_LIMIT) throw new Error(`seed ${seed}: ${result.memory} bytes of memory`);
    if (intact && result.rounds % 500 === 0) {
      expectIntact(module, player, intact, seed);
      log(
        `${result.rounds} rounds, seed ${seed}, ${Math.round(result.memory / 1048576)} MiB, ${JSON.stringify(result.errors)}`,
      );
    }
  }
  if (intact) expectIntact(module, player, intact, options.seed);
  return result;
}

function hostile(random: Random, recordings: readonly Recording[], jpegs: readonly Buffer[]): Uint8Array {
  if (random() < 0.3 && recordings.length > 0) {
    const recording = recordings[Math.floor(random() * recordings.length)] as Recording;
    const whole = wholeStream(recording);
    return mutate(whole.subarray(0, PIECE), 48, random);
  }
  const maker = new StreamMaker(
    random,
    1 + Math.floor(random() * 400) + 90,
    1 + Math.floor(random() * 300) + 70,
    jpegs,
  );
  const parts = [maker.handshake()];
  const from = parts[0]?.length ?? 0;
  for (let i = 0; i < 3; i++) parts.push(maker.update(1 + Math.floor(random() * 4)));
  if (random() < 0.3) parts.push(rectangleFromHell(random));
  return mutate(new Uint8Array(Buffer.concat(parts)), from, random);
}

/** Sizes and lengths at their limits, with little or compressible data behind them. */
function rectangleFromHell(random: Random): Buffer {
  const encodings = [0, 1, 2, 4, 5, 6, 7, 16, 21, -260, -223, -308, -239, -240, -314, 0x574d5664, -307];
  const sizes = [0, 1, 2, 63, 64, 65, 400, 4096, 16384, 65535];
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const head = Buffer.alloc(16);
  head.writeUInt16BE(1, 2);
  for (let i = 0; i < 4; i++) head.writeUInt16BE(pick(sizes), 4 + 2 * i);
  head.writeInt32BE(pick(encodings), 12);
  const tail = Buffer.alloc(Math.floor(random() * 4096), pick([0, 1, 0x40, 0x80, 0xff]));
  return Buffer.concat([head, tail]);
}

function feed(player: Player, stream: Uint8Array, random: Random): void {
  const sizes = random() < 0.5 ? 65536 : 1 + Math.floor(random() * 4000);
  for (let at = 0; at < stream.length; at += sizes) void player.intake.push(stream.subarray(at, at + sizes));
}

/** Every pixel is opaque: a stray write of anything else into the picture shows here. */
function checkGuard(player: Player, seed: number): void {
  const rgba = player.decoder.rgba();
  for (let at = 3; at < rgba.length; at += 4 * 97) {
    if (rgba[at] !== 255) throw new Error(`seed ${seed}: a pixel is not opaque at ${at}`);
  }
}

/** After a reset, on the memory that all of this has gone through, a good stream gives its picture. */
function expectIntact(module: WebAssembly.Module, used: Player, recording: Recording, seed: number): void {
  used.decoder.reset();
  const player = createPlayer(module, {}, undefined, used.decoder);
  void player.intake.push(wholeStream(recording));
  if (digest(player.decoder.rgba(), recording.width, recording.height) !== recording.finalRgbSha256) {
    throw new Error(`after seed ${seed} a good stream no longer gives its picture`);
  }
}
