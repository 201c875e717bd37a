import { describe, expect, it } from 'vitest';
import { MAX_TEXT_FRAME, parsePartFrame, PartReceiver, PartSender } from './parts.ts';
import { Part, PartAck, type ViewerFrame } from './socket.ts';

describe('a line that carries long and short messages', () => {
  function line() {
    const sent: string[] = [];
    const sender = new PartSender((frame) => sent.push(frame));
    const receiver = new PartReceiver();
    const arrived: string[] = [];
    /** Takes the next frame off the wire, acknowledging parts. */
    const take = () => {
      const frame = sent.shift() ?? '';
      const part = parsePartFrame(frame);
      if (part?.t !== 'part') {
        arrived.push(frame);
        return;
      }
      const whole = receiver.receive(part);
      if (whole !== undefined) arrived.push(whole);
      sender.acknowledged();
    };
    return { sent, sender, arrived, take };
  }

  it('keeps their order, with two parts on their way at most', () => {
    const { sent, sender, arrived, take } = line();
    const messages = [
      '"a"',
      JSON.stringify('b'.repeat(5 * MAX_TEXT_FRAME)),
      '"c"',
      JSON.stringify('d'.repeat(20_000)),
      '"e"',
    ];
    for (const message of messages) sender.send(message);
    expect(sent).toHaveLength(3);
    while (sent.length > 0) {
      expect(sent.filter((frame) => parsePartFrame(frame)).length).toBeLessThanOrEqual(2);
      take();
    }
    expect(arrived).toEqual(messages);
    expect(sender.queued).toBe(0);
  });

  it('lets signs of life overtake a long message', () => {
    const { sent, sender } = line();
    sender.send(JSON.stringify('b'.repeat(5 * MAX_TEXT_FRAME)));
    sender.send('{"t":"pong","at":1}');
    sender.send('{"t":"clientcomm"}');
    expect(sent.map((frame) => frame.slice(0, 9))).toEqual(['{"t":"par', '{"t":"par', '{"t":"pon']);
  });

  it('keeps what is typed, and where, from being overtaken by keys, which do not wait for a long message', () => {
    const { sent, sender } = line();
    sender.send(JSON.stringify('b'.repeat(5 * MAX_TEXT_FRAME)));
    const typed: ViewerFrame[] = [
      { t: 'window', id: 1, action: 'raise' },
      { t: 'type', text: 'é' },
    ];
    for (const frame of typed) sender.send(JSON.stringify(frame));
    expect(sent.slice(2)).toEqual(typed.map((frame) => JSON.stringify(frame)));
  });
});

describe('frames about parts', () => {
  it.each([
    { t: 'part', id: 1, i: 0, n: 1, text: '' },
    { t: 'part', id: -1, i: 4095, n: 4096, text: 'x' },
    { t: 'part', id: 1, i: -1, n: 1, text: '' },
    { t: 'part', id: 1, i: 0, n: 0, text: '' },
    { t: 'part', id: 1, i: 0, n: 4097, text: '' },
    { t: 'part', id: 1.5, i: 0, n: 1, text: '' },
    { t: 'part', id: 1, i: 0, n: 1 },
    { t: 'part', id: 1, i: 0, n: 1, text: 7 },
    { t: 'part', id: 2 ** 60, i: 0, n: 1, text: '' },
    { t: 'part.ack', id: 1, i: 0 },
    { t: 'part.ack', id: 1 },
    { t: 'partial', id: 1, i: 0 },
    { t: 'ping', at: 1 },
    ['part'],
    null,
  ])('are read as their schemas read them: %j', (value) => {
    const read = parsePartFrame(JSON.stringify(value));
    expect(read?.t === 'part').toBe(Part.safeParse(value).success);
    expect(read?.t === 'part.ack').toBe(PartAck.safeParse(value).success);
  });

  it('are not looked for in what is no JSON', () => {
    expect(parsePartFrame('{"t":"part",')).toBeUndefined();
    expect(parsePartFrame('part')).toBeUndefined();
  });
});
