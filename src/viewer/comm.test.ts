import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientCommAnswer } from '../contract/clientcomm.ts';
import type { Envelope } from '../embed/messages.ts';
import { Comm } from './comm.ts';
import { Notices } from './notices.ts';
import { openUrl } from './open-url.ts';
import { ParentError } from './parent-link.ts';
import { createStrings } from './strings.ts';

function setup(options: { locale?: string; opens?: boolean; ask?: () => Promise<Envelope> } = {}) {
  const answers: ClientCommAnswer[] = [];
  const strings = createStrings(options.locale ?? 'en');
  const giveBackFocus = vi.fn();
  const notices = new Notices(strings, giveBackFocus);
  document.body.append(notices.element);
  const forwarded: unknown[] = [];
  const comm = new Comm({
    send: (answer) => answers.push(answer),
    notices,
    strings,
    offerFile: () => () => undefined,
    openUrl: () => options.opens ?? true,
    parent: {
      ask: options.ask ?? (() => Promise.reject(new ParentError('unhandled'))),
      forward: (...args) => forwarded.push(args) > 0,
    },
  });
  const say = (type: string, data: unknown, number = 0) =>
    comm.receive({ type, number, data: typeof data === 'string' ? data : JSON.stringify(data), from: 'session' });
  const shown = () =>
    [...notices.element.querySelectorAll('.notice')].map((one) => one.querySelector('p')?.textContent);
  const click = (name: string) =>
    [...notices.element.querySelectorAll<HTMLElement>('button, a')].find((one) => one.textContent === name)?.click();
  return { answers, comm, say, shown, click, notices, forwarded, giveBackFocus, element: notices.element };
}

describe('messages from the session', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    document.body.replaceChildren();
    vi.useRealTimers();
  });

  it('are shown as text, whatever they look like, and go by themselves', () => {
    const { say, shown, element } = setup();
    say('fx-notify', '<img src=x onerror=alert(1)>');
    expect(shown()).toEqual(['<img src=x onerror=alert(1)>']);
    expect(element.querySelector('img')).toBeNull();
    vi.advanceTimersByTime(8000);
    expect(shown()).toEqual([]);
  });

  it('stay as long as the script wants', () => {
    const { say, shown } = setup();
    say('fx-notify', { message: 'm', timeout: 20_000 });
    vi.advanceTimersByTime(19_999);
    expect(shown()).toEqual(['m']);
    vi.advanceTimersByTime(1);
    expect(shown()).toEqual([]);
  });

  it('answer a question once, with the button as the script spelled it', () => {
    const { say, click, answers, shown } = setup({ locale: 'de-CH' });
    say('fx-notify', { message: 'Save?', buttons: ['yES', 'No', 'Frobnicate'] }, 7);
    expect(answers).toEqual([]);
    click('Ja');
    click('Ja');
    expect(answers).toEqual([{ number: 7, data: '{"button":"yES"}' }]);
    expect(shown()).toEqual([]);
  });

  it('answer several questions each by its own number', () => {
    const { say, click, answers } = setup();
    say('fx-notify', { message: 'a', buttons: ['First'] }, 1);
    say('fx-notify', { message: 'b', buttons: ['Second'] }, 2);
    click('Second');
    click('First');
    expect(answers.map(({ number }) => number)).toEqual([2, 1]);
  });

  it('answer with no button when closed, run out, or nothing can be chosen', () => {
    const { say, answers, element } = setup();
    say('fx-notify', { message: 'a', buttons: ['Ok'] }, 1);
    element.querySelector<HTMLElement>('.notice-close')?.click();
    say('fx-notify', { message: 'b', buttons: ['Ok'], timeout: 100 }, 2);
    vi.advanceTimersByTime(100);
    say('fx-notify', 'c', 3);
    say('fx-notify', { message: 'd', buttons: ['Ok'] }, 4);
    element.querySelector('.dialog')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    expect(answers).toEqual([1, 2, 3, 4].map((number) => ({ number, data: '{"button":""}' })));
  });

  it('are taken down without an answer when another viewer has answered', () => {
    const { say, comm, answers, shown } = setup();
    say('fx-notify', { message: 'a', buttons: ['Ok'] }, 1);
    comm.cancel(1);
    expect(shown()).toEqual([]);
    expect(answers).toEqual([]);
  });

  it('are bounded on the page, the newest stay', () => {
    const { say, shown } = setup();
    for (let n = 0; n < 10_000; n++) say('fx-notify', `message ${n}`);
    expect(shown()).toEqual([9995, 9996, 9997, 9998, 9999].map((n) => `message ${n}`));
  });

  it('are read out: the lists are live regions', () => {
    const { element } = setup();
    expect(element.querySelector('.toasts')?.getAttribute('aria-live')).toBe('polite');
    expect(element.querySelector('.dialogs')?.getAttribute('aria-live')).toBe('assertive');
  });

  it('never take the keyboard, but can be reached, and give it back', () => {
    const { say, notices, click, giveBackFocus } = setup();
    const before = document.activeElement;
    say('fx-notify', { message: 'a', buttons: ['Ok'] }, 1);
    expect(document.activeElement).toBe(before);
    expect(notices.focus()).toBe(true);
    expect(document.activeElement?.textContent).toBe('OK');
    click('OK');
    expect(giveBackFocus).toHaveBeenCalledTimes(1);
    expect(notices.focus()).toBe(false);
  });

  it('offer a link to click where the browser would not open it', () => {
    const { say, element, answers } = setup({ opens: false });
    say('fx-url', 'https://example.org/help', 3);
    const link = element.querySelector('a');
    expect(link?.href).toBe('https://example.org/help');
    expect(link?.rel).toBe('noopener noreferrer');
    expect(link?.target).toBe('_blank');
    expect(answers).toEqual([{ number: 3, data: '{"opened":false}' }]);
  });

  it('refuse what is no web address, and types with the viewer’s own names', () => {
    const { say, answers, shown } = setup();
    say('fx-url', 'javascript:alert(1)', 1);
    say('connected', '{}', 2);
    say('fx-share', 'text', 3);
    say('acme', '{}', 4);
    expect(answers.map(({ error }) => error?.name)).toEqual(['format', 'denied', 'format']);
    expect(shown()).toEqual([]);
  });

  it('hand unknown types to the page around the viewer, and its answer back', async () => {
    const ask = vi.fn(() => Promise.resolve({ msg: 'acme', result: { saved: true } }));
    const { say, answers, forwarded } = setup({ ask });
    say('acme', '{"a":1}', 5);
    say('acme', 'text', 0);
    await vi.advanceTimersByTimeAsync(0);
    expect(ask).toHaveBeenCalledWith('acme', { a: 1 }, expect.objectContaining({ from: 'session' }));
    expect(answers).toEqual([{ number: 5, data: '{"saved":true}' }]);
    expect(forwarded).toEqual([['acme', 'text', 'session']]);
  });

  it('answer unhandled when nobody is around the viewer', async () => {
    const { say, answers } = setup();
    say('acme', 'x', 5);
    await vi.advanceTimersByTimeAsync(0);
    expect(answers).toEqual([{ number: 5, error: { name: 'unhandled' } }]);
  });
});

const windowOf = (isActive: boolean) => ({ navigator: { userActivation: { isActive } }, document, open: vi.fn() });

describe('opening a page', () => {
  it('opens it without an opener, right after the person did something', () => {
    const active = windowOf(true);
    expect(openUrl(active, 'https://example.org/')).toBe(true);
    expect(active.open).toHaveBeenCalledWith('https://example.org/', '_blank', 'noopener,noreferrer');
  });

  it('does not try when the gesture is gone', () => {
    const idle = windowOf(false);
    expect(openUrl(idle, 'https://example.org/')).toBe(false);
    expect(idle.open).not.toHaveBeenCalled();
  });
});
