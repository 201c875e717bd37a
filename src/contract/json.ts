/** JSON as it crosses a boundary, and the parameter names every side accepts. */
import * as z from 'zod/mini';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

export const JsonValue: z.ZodMiniType<JsonValue, JsonValue> = z.json();

/** Names that would reach an object's prototype. Refused wherever a name comes from outside. */
export const FORBIDDEN_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/** A letter, then letters, digits, `_ . -`; at most 64 characters. */
export const PARAM_NAME = /^\p{L}[\p{L}\p{Nd}_.-]{0,63}$/u;

export function isParamName(name: string): boolean {
  return PARAM_NAME.test(name) && !FORBIDDEN_NAMES.includes(name);
}

export const Params = z.record(z.string().check(z.refine(isParamName, { error: 'param-name' })), JsonValue);
export type Params = z.infer<typeof Params>;

/** Written by the server at start and at each connect, whatever a client sends (seed 001, "Reserved names"). */
export const RESERVED_PARAMS = [
  'name',
  'icon',
  'bookmarkId',
  'clientVersion',
  'clientId',
  'clientIP',
  'clientTransport',
] as const;
