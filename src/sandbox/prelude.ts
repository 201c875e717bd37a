/**
 * What runs inside the engine before any function does, and what a function finds beside the language: `log`, `pick` and
 * `quote`, and nothing else. It takes what it needs of the language first, so that a function's changes of it do not
 * matter; and what it gives inherits nothing, so that they do not reach it.
 */

/**
 * Evaluates to `{ call, describe }`. `call(fn, json)` settles with `{ ending, value }`: `returned` and JSON, or a cause
 * and what was thrown; `describe(cause, thrown)` gives `{ cause, message, stack }` as text, of any value whatever.
 */
export const PRELUDE = `(() => {
  'use strict';
  const { parse, stringify } = JSON;
  const { defineProperty, freeze, hasOwn } = Object;
  const { isArray } = Array;
  const StringOf = String;
  const ErrorOf = Error;
  const method = (of) => Function.prototype.call.bind(of);
  const [slice, split] = [method(String.prototype.slice), method(String.prototype.split)];
  const [join, includes] = [method(Array.prototype.join), method(String.prototype.includes)];
  const { __emit: emit, __limit: limit, __random: random } = globalThis;
  // Shared memory grows by bytes that nobody has wiped: another call's.
  for (const name of ['__emit', '__limit', '__random', 'SharedArrayBuffer', 'Atomics']) delete globalThis[name];

  // The engine's own would give the same figures in every call, since every call begins with the same memory.
  defineProperty(Math, 'random', { value: random, writable: true, configurable: true, enumerable: false });

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
      // The way out ends at NUL.
      emit(join(split(line, '\\0'), ''));
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
      if (includes(text, '\\0')) throw new TypeError('quote: a word cannot contain NUL');
      return "'" + join(split(text, "'"), "'\\\\''") + "'";
    },
  };
  for (const name of ['log', 'pick', 'quote']) {
    defineProperty(globalThis, name, { value: freeze(helpers[name]), writable: false, configurable: false });
  }

  const ended = (ending, value) => ({ __proto__: null, then: undefined, ending, value });
  return {
    async call(fn, json) {
      let value;
      try {
        value = await fn(parse(json));
      } catch (thrown) {
        return ended('threw', thrown);
      }
      try {
        const text = stringify(value);
        if (text === undefined) return ended('returned', 'null');
        if (text.length > limit) return ended('result-too-large', text.length + ' characters');
        return ended('returned', text);
      } catch (thrown) {
        return ended('result-not-json', thrown);
      }
    },
    describe(cause, thrown) {
      let message = '';
      let stack = '';
      try {
        if (thrown instanceof ErrorOf) {
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
      return { __proto__: null, cause, message: slice(message, 0, 4000), stack: slice(stack, 0, 8000) };
    },
  };
})()`;
