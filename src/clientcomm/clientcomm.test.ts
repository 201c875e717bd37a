import { describe, expect, it } from 'vitest';
import type { ClientCommAnswer } from '../contract/clientcomm.ts';
import { KNOWN_BUTTONS, notifyAnswer, parseNotify } from './notify.ts';
import { Queries } from './queries.ts';
import { answerData, exceedsLimit, routeMessage } from './route.ts';
import { parseUrl } from './url.ts';

const never = () => false;
const message = (type: string, data: string, number = 1) => ({ type, data, number });

function recorded() {
  const sent: ClientCommAnswer[] = [];
  return { sent, queries: new Queries((answer) => sent.push(answer)) };
}

describe('fx-notify', () => {
  it('shows what is not a JSON object as it is', () => {
    for (const data of ['hello', '12', '"quoted"', '["a"]', '{broken', '<b>no</b>', '', 'null']) {
      expect(parseNotify(data)).toEqual({
        message: data,
        title: undefined,
        timeout: undefined,
        icon: 'none',
        buttons: [],
      });
    }
  });

  it('reads every member', () => {
    const data = '{"message":"Save?","title":"Editor","timeout":500,"icon":"Question","buttons":["Yes","No"]}';
    expect(parseNotify(data)).toEqual({
      message: 'Save?',
      title: 'Editor',
      timeout: 500,
      icon: 'question',
      buttons: [
        { name: 'Yes', known: 'Yes' },
        { name: 'No', known: 'No' },
      ],
    });
  });

  it('shows the whole data when the message is missing, blank or no text, and keeps the buttons', () => {
    for (const data of ['{"buttons":["Ok"]}', '{"message":"  ","buttons":["Ok"]}', '{"message":7,"buttons":["Ok"]}']) {
      const notify = parseNotify(data);
      expect(notify.message).toBe(data);
      expect(notify.buttons).toHaveLength(1);
    }
  });

  it('knows the documented buttons in any case and answers as the script spelled them', () => {
    const { buttons } = parseNotify('{"message":"m","buttons":["yEsToAll","Frobnicate","CANCEL"]}');
    expect(buttons.map((button) => button.known)).toEqual(['YesToAll', undefined, 'Cancel']);
    expect(notifyAnswer(buttons[0]?.name ?? '')).toBe('{"button":"yEsToAll"}');
    expect(KNOWN_BUTTONS).toHaveLength(18);
  });

  it('makes one button of names that differ in case, and drops what is no name', () => {
    const { buttons } = parseNotify('{"message":"m","buttons":["ok","OK",3,"",null,"  "]}');
    expect(buttons).toEqual([{ name: 'ok', known: 'Ok' }]);
  });

  it('leaves out members of a wrong type', () => {
    const notify = parseNotify('{"message":"m","title":3,"timeout":"5","icon":"skull","buttons":"Ok"}');
    expect(notify).toEqual({ message: 'm', title: undefined, timeout: undefined, icon: 'none', buttons: [] });
  });
});

describe('fx-url', () => {
  it('opens http, https and mailto, as text or as {url}', () => {
    expect(parseUrl(' https://example.org/a?b#c\n')).toBe('https://example.org/a?b#c');
    expect(parseUrl('{"url":"http://example.org"}')).toBe('http://example.org/');
    expect(parseUrl('mailto:someone@example.org')).toBe('mailto:someone@example.org');
  });

  it.each([
    'javascript:alert(1)',
    ' jAvAsCrIpT:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'blob:https://example.org/1',
    'example.org',
    '/relative',
    '',
    '{"url":5}',
    '{"href":"https://example.org"}',
  ])('refuses %j', (data) => {
    expect(parseUrl(data)).toBeUndefined();
    expect(routeMessage(message('fx-url', data), never)).toEqual({ kind: 'refuse', error: 'format' });
  });
});

describe('routing', () => {
  it('forwards unknown types with the data parsed when it is JSON', () => {
    expect(routeMessage(message('acme-open', '{"a":[1]}'), never)).toEqual({ kind: 'forward', body: { a: [1] } });
    expect(routeMessage(message('acme-open', 'plain'), never)).toEqual({ kind: 'forward', body: 'plain' });
    expect(routeMessage(message('__proto__', 'x'), never).kind).toBe('forward');
  });

  it('refuses a type that is spelled like a message of the viewer', () => {
    expect(routeMessage(message('connected', '{}'), (type) => type === 'connected')).toEqual({
      kind: 'refuse',
      error: 'denied',
    });
  });

  it('answers fx-share by its rules until sharing exists', () => {
    expect(routeMessage(message('fx-share', 'text'), never)).toEqual({ kind: 'refuse', error: 'format' });
    expect(routeMessage(message('fx-share', '{"method":"hello"}'), never)).toEqual({
      kind: 'refuse',
      error: 'unhandled',
    });
  });

  it('counts the limit in bytes of UTF-8', () => {
    expect(exceedsLimit('a'.repeat(1024 * 1024))).toBe(false);
    expect(exceedsLimit('a'.repeat(1024 * 1024 + 1))).toBe(true);
    expect(exceedsLimit('ä'.repeat(512 * 1024))).toBe(false);
    expect(exceedsLimit('ä'.repeat(512 * 1024 + 1))).toBe(true);
    expect(routeMessage(message('fx-notify', 'a'.repeat(1024 * 1024 + 1)), never)).toEqual({
      kind: 'refuse',
      error: 'too-large',
    });
  });

  it('writes answers as text', () => {
    expect(answerData('text')).toBe('text');
    expect(answerData({ a: 1 })).toBe('{"a":1}');
    expect(answerData(undefined)).toBe('null');
    expect(answerData(1n)).toBeUndefined();
  });
});

describe('queries', () => {
  it('are answered once, each by its own number', () => {
    const { sent, queries } = recorded();
    let closed = 0;
    queries.open(1, () => closed++);
    queries.open(2, () => closed++);
    queries.answer(2, 'two');
    queries.answer(2, 'again');
    queries.refuse(2, { name: 'timeout' });
    queries.answer(1, 'one');
    expect(sent).toEqual([
      { number: 2, data: 'two' },
      { number: 1, data: 'one' },
    ]);
    expect(closed).toBe(2);
  });

  it('are taken down without an answer when cancelled', () => {
    const { sent, queries } = recorded();
    let closed = false;
    queries.open(7, () => (closed = true));
    queries.cancel(7);
    queries.answer(7, 'late');
    expect(closed).toBe(true);
    expect(sent).toEqual([]);
  });

  it('are refused as busy beyond the limit, and a number twice is not opened again', () => {
    const { sent, queries } = recorded();
    for (let number = 1; number <= 64; number++) expect(queries.open(number, () => undefined)).toBe(true);
    expect(queries.open(3, () => undefined)).toBe(false);
    expect(sent).toEqual([]);
    expect(queries.open(65, () => undefined)).toBe(false);
    expect(sent).toEqual([{ number: 65, error: { name: 'busy' } }]);
  });
});
