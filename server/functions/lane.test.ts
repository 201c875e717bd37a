// @vitest-environment node
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Lane } from './lane.ts';
import type { FromThread, Job } from './messages.ts';

const JOB: Job = { kind: 'run', id: 7, text: '() => "é"', input: '{}' };
const READY = '{"kind":"ready"}\n';

function answer(id: number, { logs = [] as string[], spoilt = false } = {}): string {
  const message: FromThread = {
    kind: 'done',
    done: { kind: 'run', id, run: { outcome: { state: 'returned', result: 'é' }, logs, ms: 1 } },
    spoilt,
  };
  return `${JSON.stringify(message)}\n`;
}

function laneWith() {
  const written: string[] = [];
  const seen: string[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk.toString());
      done();
    },
  });
  const lane = new Lane(socket, {
    free: () => void seen.push(lane.state),
    done: (done) => void seen.push(`done ${done.id} ${done.kind === 'run' ? JSON.stringify(done.run.outcome) : ''}`),
    broken: (cause) => void seen.push(`broken: ${String(cause)}`),
  });
  const say = (text: string | Buffer) => socket.emit('data', Buffer.from(text));
  return { lane, say, seen, written };
}

const DONE = 'done 7 {"state":"returned","result":"é"}';

describe('a lane', () => {
  it('is idle when its thread says so, busy with a job, and idle again with its answer', () => {
    const { lane, say, seen, written } = laneWith();
    expect(lane.state).toBe('closed');
    lane.opening();
    say(READY);
    expect(lane.state).toBe('idle');
    lane.give(JOB);
    expect([lane.state, lane.job]).toEqual(['busy', JOB]);
    expect(written).toEqual([`${JSON.stringify(JOB)}\n`]);
    say(answer(7));
    expect([lane.state, lane.job]).toEqual(['idle', undefined]);
    expect(seen).toEqual(['idle', DONE, 'idle']);
  });

  it('hears the same when it comes a byte at a time, or all at once', () => {
    const slow = laneWith();
    slow.lane.opening();
    for (const byte of Buffer.from(`\n${READY}`)) slow.say(Buffer.of(byte));
    slow.lane.give(JOB);
    for (const byte of Buffer.from(answer(7))) slow.say(Buffer.of(byte));
    expect(slow.seen).toEqual(['idle', DONE, 'idle']);

    const fast = laneWith();
    fast.lane.opening();
    fast.say(`\n${READY}`);
    fast.lane.give(JOB);
    fast.say(answer(6) + answer(7) + answer(7));
    expect(fast.seen).toEqual(['idle', DONE, 'idle']);
  });

  it('takes no job after an answer that spoilt its thread', () => {
    const { lane, say, seen } = laneWith();
    lane.opening();
    say(READY);
    lane.give(JOB);
    say(answer(7, { spoilt: true }));
    expect([lane.state, seen]).toEqual(['closing', ['idle', DONE, 'closing']]);
    expect(lane.ended(true)).toBeUndefined();
    expect(lane.state).toBe('closed');
  });

  it('waits for the answer of a thread whose end is heard of before it', () => {
    const { lane, say, seen } = laneWith();
    lane.opening();
    say(READY);
    lane.give(JOB);
    expect(lane.ended(true)).toBeUndefined();
    expect(lane.state).toBe('busy');
    say(answer(7, { spoilt: true }));
    expect([lane.state, seen]).toEqual(['closed', ['idle', DONE, 'closed']]);
    lane.opening();
    say(READY);
    lane.give({ ...JOB, id: 8 });
    say(answer(8));
    expect(lane.state).toBe('idle');
  });

  it('passes over what is left of a thread that was ended while it wrote', () => {
    const { lane, say, seen } = laneWith();
    lane.opening();
    say(READY);
    lane.give(JOB);
    say(answer(7).slice(0, 30));
    expect(lane.ended(false)?.job).toBe(JOB);
    say(answer(7).slice(30, 40));
    lane.opening();
    say(`\n${READY}`);
    lane.give({ ...JOB, id: 8 });
    say(answer(8));
    expect(seen).toEqual(['idle', 'idle', DONE.replace('7', '8'), 'idle']);
  });

  it('says that its process is broken when what comes is not JSON, or never ends', () => {
    const one = laneWith();
    one.lane.opening();
    one.say(READY);
    one.lane.give(JOB);
    one.say('nonsense\n');
    expect(one.seen.at(-1)).toMatch(/^broken: SyntaxError/);

    const other = laneWith();
    other.lane.opening();
    for (let i = 0; i < 17; i++) other.say(Buffer.alloc(1024 * 1024, 'x'));
    expect(other.seen.at(-1)).toMatch(/^broken: Error: a line of more than/);
  });
});
