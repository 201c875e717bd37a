/**
 * What a function finds beside the language: `log`, `pick` and `quote`, and nothing else. Runs inside the engine before
 * the function's own text, and keeps its own references, so that nothing the function does to its globals matters.
 *
 * Evaluates to `call(fn, json)`, which settles with an array: `['returned', json]`, or a cause, a message and a stack.
 */
export const PRELUDE = `(() => {
  'use strict';
  const { parse, stringify } = JSON;
  const { defineProperty, freeze, hasOwn } = Object;
  const { isArray } = Array;
  const ErrorType = Error;
  const StringOf = String;
  const emit = globalThis.__emit;
  const limit = globalThis.__limit;
  delete globalThis.__emit;
  delete globalThis.__limit;

  const words = (value) => {
    if (typeof value === 'string') return value;
    try {
      const text = stringify(value);
      return text === undefined ? StringOf(value) : text;
    } catch {
      return StringOf(value);
    }
  };
  const helpers = {
    log(...values) {
      let line = '';
      for (let i = 0; i < values.length; i++) line += (i > 0 ? ' ' : '') + words(values[i]);
      emit(line);
    },
    pick(object, ...names) {
      const picked = {};
      const list = isArray(names[0]) ? names[0] : names;
      for (let i = 0; i < list.length; i++) {
        if (object !== null && object !== undefined && hasOwn(object, list[i])) picked[list[i]] = object[list[i]];
      }
      return picked;
    },
    quote(value) {
      const text = StringOf(value);
      if (text.includes('\\0')) throw new TypeError('quote: a word cannot contain NUL');
      return "'" + text.split("'").join("'\\\\''") + "'";
    },
  };
  for (const name of ['log', 'pick', 'quote']) {
    defineProperty(globalThis, name, { value: freeze(helpers[name]), writable: false, configurable: false });
  }

  const describe = (cause, thrown) => {
    let message = '';
    let stack = '';
    try {
      if (thrown instanceof ErrorType) {
        message = StringOf(thrown.message);
        if (thrown.name === 'InternalError' && message === 'out of memory') cause = 'memory';
        if (thrown.name === 'InternalError' && message === 'stack overflow') cause = 'stack';
        stack = StringOf(thrown.name) + ': ' + message + '\\n' + StringOf(thrown.stack);
      } else {
        message = words(thrown);
      }
    } catch {
      message = 'something that cannot be shown';
    }
    return [cause, message.slice(0, 4000), stack.slice(0, 8000)];
  };

  return async (fn, json) => {
    let value;
    try {
      value = await fn(parse(json));
    } catch (thrown) {
      return describe('threw', thrown);
    }
    try {
      const text = stringify(value);
      if (text === undefined) return ['returned', 'null'];
      if (text.length > limit) return ['result-too-large', text.length + ' characters', ''];
      return ['returned', text];
    } catch (thrown) {
      return describe('result-not-json', thrown);
    }
  };
})()`;
