/**
 * What a function finds beside the language: `log`, `pick` and `quote`, and nothing else. Three texts that run inside the
 * engine, each only where it is needed: reading one costs as much as a context does, and every call has a new context.
 */

/**
 * Before the function's own text, whose changes of its globals therefore do not matter here. Evaluates to
 * `call(fn, json)`, which settles with an array: `['returned', json]`, or a cause and what was thrown.
 */
export const PRELUDE = `(() => {
  'use strict';
  const { parse, stringify } = JSON;
  const limit = globalThis.__limit;
  delete globalThis.__limit;
  return async (fn, json) => {
    let value;
    try {
      value = await fn(parse(json));
    } catch (thrown) {
      return ['threw', thrown];
    }
    try {
      const text = stringify(value);
      if (text === undefined) return ['returned', 'null'];
      if (text.length > limit) return ['result-too-large', text.length + ' characters'];
      return ['returned', text];
    } catch (thrown) {
      return ['result-not-json', thrown];
    }
  };
})()`;

/** Whether a text may call a helper: by its name, or by way of something that takes names apart. */
export function mayUseHelpers(text: string): boolean {
  return /\b(?:log|pick|quote|globalThis|eval|Function|constructor|this)\b|\\u/.test(text);
}

/** The helpers, frozen. Before the function's own text as well. */
export const HELPERS = `(() => {
  'use strict';
  const { stringify } = JSON;
  const { defineProperty, freeze, hasOwn } = Object;
  const { isArray } = Array;
  const StringOf = String;
  const emit = globalThis.__emit;
  delete globalThis.__emit;

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
})()`;

/** Evaluates to `describe(cause, thrown)`, which gives cause, message and stack as text; after the function has thrown. */
export const DESCRIBE = `(() => {
  'use strict';
  const words = (value) => {
    if (typeof value === 'string') return value;
    try {
      const text = JSON.stringify(value);
      return text === undefined ? String(value) : text;
    } catch {
      return String(value);
    }
  };
  return (cause, thrown) => {
    let message = '';
    let stack = '';
    try {
      if (thrown instanceof Error) {
        message = String(thrown.message);
        if (thrown.name === 'InternalError' && message === 'out of memory') cause = 'memory';
        if (thrown.name === 'InternalError' && message === 'stack overflow') cause = 'stack';
        stack = String(thrown.name) + ': ' + message + '\\n' + String(thrown.stack);
      } else {
        message = words(thrown);
      }
    } catch {
      message = 'something that cannot be shown';
    }
    return [cause, message.slice(0, 4000), stack.slice(0, 8000)];
  };
})()`;
