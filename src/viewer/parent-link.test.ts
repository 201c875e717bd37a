import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Envelope } from '../embed/messages.ts';
import { originsOf } from './frame-ancestors.ts';
import { ParentError, ParentLink, type Command } from './parent-link.ts';

const OWN = 'https://viewer.example';
const PORTAL = 'https://portal.example';

/** A frame's window: what `ParentLink` uses of one, with a parent that writes down what it is sent. */
function frame(options: {
  ancestor?: string;
  referrer?: string;
  discovered?: string[];
  onCommand?: (c: Command) => unknown;
}) {
  const posted: { message: Envelope; target: string }[] = [];
  const parent = {
    postMessage: (message: unknown, target: string) => {
      posted.push({ message: Envelope.parse(message), target });
    },
  };
  const listeners = new Set<(event: MessageEvent<unknown>) => void>();
  const window = {
    parent,
    location: { origin: OWN, ...(options.ancestor ? { ancestorOrigins: [options.ancestor] } : {}) },
    document: { referrer: options.referrer ?? '' },
    addEventListener: (_: 'message', listener: (event: MessageEvent<unknown>) => void) => void listeners.add(listener),
    removeEventListener: (_: 'message', listener: (event: MessageEvent<unknown>) => void) =>
      void listeners.delete(listener),
  };
  const commands: Command[] = [];
  const link = new ParentLink(window, {
    onCommand: (command) => {
      commands.push(command);
      return options.onCommand?.(command);
    },
    discover: () => Promise.resolve(options.discovered ?? []),
  });
  const say = (data: unknown, origin = PORTAL, source: unknown = parent) => {
    const event = new MessageEvent<unknown>('message', { data, origin });
    Object.defineProperty(event, 'source', { value: source });
    for (const listener of listeners) listener(event);
  };
  return { link, posted, commands, say };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('the parent link', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends to an allowed parent, by its origin and never to everyone', async () => {
    const { link, posted } = frame({ ancestor: PORTAL });
    link.tell('state', { state: 'connecting' });
    await settle();
    expect(posted).toEqual([]);
    link.allow([PORTAL, 'https://other.example']);
    link.tell('state', { state: 'connected' });
    expect(posted.map(({ message, target }) => [message.body, target])).toEqual([
      [{ state: 'connecting' }, PORTAL],
      [{ state: 'connected' }, PORTAL],
    ]);
    expect(posted[0]?.message).toMatchObject({ v: 1, msg: 'state' });
  });

  it('sends nothing to an origin that is not on the list', async () => {
    const { link, posted } = frame({ ancestor: 'https://evil.example', discovered: [PORTAL] });
    link.tell('state', { state: 'loading' });
    const asked = link.ask('acme', 1);
    asked.catch(() => undefined);
    link.allow([PORTAL]);
    link.tell('title', { title: 'secret' });
    expect(link.forward('acme', 1, undefined)).toBe(false);
    await expect(asked).rejects.toMatchObject({ name: 'unhandled' });
    await expect(link.ask('acme', 1)).rejects.toMatchObject({ name: 'unhandled' });
    expect(posted).toEqual([]);
  });

  it('takes `*` in the list for nobody', () => {
    const { link, posted } = frame({ ancestor: PORTAL });
    link.allow(['*', 'https://*.example', 'null']);
    link.tell('title', { title: 'secret' });
    expect(posted).toEqual([]);
  });

  it('speaks with a page of its own origin from the start', () => {
    const { link, posted } = frame({ ancestor: OWN });
    link.tell('state', { state: 'loading' });
    expect(posted.map(({ target }) => target)).toEqual([OWN]);
  });

  it('learns from the server’s frame-ancestors who it may ask for a ticket before it is connected', async () => {
    const { link, posted, say } = frame({ referrer: `${PORTAL}/page?x`, discovered: [PORTAL] });
    const asked = link.ask('security.password', {});
    await settle();
    expect(posted).toEqual([{ message: { v: 1, msg: 'security.password', body: {}, number: 1 }, target: PORTAL }]);
    say({ msg: 'security.password', body: { password: 'ticket' } });
    expect((await asked).body).toEqual({ password: 'ticket' });
  });

  it('addresses every allowed origin where the browser does not tell which it is, until it has heard from one', async () => {
    const { link, posted, say } = frame({ discovered: [] });
    link.tell('state', { state: 'loading' });
    link.allow([PORTAL]);
    expect(posted.map(({ target }) => target)).toEqual([OWN, PORTAL]);
    say({ msg: 'focus', body: {} });
    await settle();
    posted.length = 0;
    link.tell('title', { title: 't' });
    expect(posted.map(({ target }) => target)).toEqual([PORTAL]);
  });

  it('hears only its parent window, only from an allowed origin', async () => {
    const { link, commands, say } = frame({ ancestor: PORTAL });
    link.allow([PORTAL]);
    const message = { msg: 'focus', number: 1, body: {} };
    say(message, 'https://evil.example');
    say(message, PORTAL, { postMessage() {} });
    say(message, 'null');
    await settle();
    expect(commands).toEqual([]);
    say(message);
    await settle();
    expect(commands).toEqual([{ name: 'focus', body: {} }]);
  });

  it('ties answers to questions by number and name, and takes each once', async () => {
    const { link, say } = frame({ ancestor: PORTAL });
    link.allow([PORTAL]);
    const one = link.ask('acme', 'a');
    const two = link.ask('acme', 'b');
    say({ msg: 'acme', number: 2, result: 'second' });
    say({ msg: 'other', number: 1, result: 'wrong name' });
    say({ msg: 'acme', number: 2, result: 'again' });
    say({ msg: 'acme', number: 1, error: { name: 'busy', message: 'later' } });
    expect((await two).result).toBe('second');
    await expect(one).rejects.toMatchObject({ name: 'busy', message: 'later' });
  });

  it('gives up after 30 s, unless the parent said that it is working on it', async () => {
    const { link, say } = frame({ ancestor: PORTAL });
    link.allow([PORTAL]);
    const onAck = vi.fn();
    const silent = link.ask('acme', 1);
    silent.catch(() => undefined);
    const working = link.ask('acme', 2, { onAck });
    say({ msg: 'acme', number: 2, ack: true });
    await vi.advanceTimersByTimeAsync(30_000);
    await expect(silent).rejects.toMatchObject({ name: 'timeout' });
    expect(onAck).toHaveBeenCalledTimes(1);
    say({ msg: 'acme', number: 2, result: 'done' });
    expect((await working).result).toBe('done');
  });

  it('answers commands by number, with what they return or the error they throw', async () => {
    const { link, posted, say } = frame({
      ancestor: PORTAL,
      onCommand: (command) => {
        if (command.name === 'blur') throw new ParentError('disconnected');
        return { ok: 1 };
      },
    });
    link.allow([PORTAL]);
    say({ msg: 'focus', number: 8, body: {} });
    say({ msg: 'blur', number: 9, body: {} });
    await settle();
    const messages = posted.map(({ message }) => message);
    expect(messages).toHaveLength(2);
    expect(messages).toContainEqual({ v: 1, msg: 'focus', number: 8, result: { ok: 1 } });
    expect(messages).toContainEqual({ v: 1, msg: 'blur', number: 9, error: { name: 'disconnected', message: '' } });
  });

  it('answers what it does not know, and bodies that do not fit, with an error', async () => {
    const { link, posted, commands, say } = frame({ ancestor: PORTAL });
    link.allow([PORTAL]);
    say({ msg: 'make-coffee', number: 3, body: {} });
    say({ msg: 'scaling', number: 4, body: { mode: 'huge' } });
    say({ msg: '__proto__', number: 5, body: {} });
    say('no object');
    say({ msg: 7 });
    await settle();
    expect(commands).toEqual([]);
    const names = new Map(posted.map(({ message }) => [message.number, message.error]));
    expect(names.get(3)).toMatchObject({ name: 'unhandled' });
    expect(names.get(4)).toMatchObject({ name: 'format' });
    expect(names.get(5)).toMatchObject({ name: 'unhandled' });
    expect(posted).toHaveLength(3);
  });

  it('is silent outside a frame', async () => {
    const link = new ParentLink(window, { onCommand: () => undefined, discover: () => Promise.resolve([]) });
    expect(link.embedded).toBe(false);
    await expect(link.ask('acme', 1)).rejects.toMatchObject({ name: 'unhandled' });
    link.dispose();
  });
});

it('reads origins from a policy', () => {
  const policy = "default-src 'self'; frame-ancestors 'self' https://a.example https://*.b.example http://c:8080; x";
  expect(originsOf(policy, OWN)).toEqual([OWN, 'https://a.example', 'http://c:8080']);
  expect(originsOf("frame-ancestors 'none'", OWN)).toEqual([]);
  expect(originsOf('', OWN)).toEqual([]);
});
