/** Start forms: what an admin's HTML becomes once its fields have been derived from it. */
import * as z from 'zod/mini';
import { JsonValue } from './json.ts';

export const DataType = z.enum(['text', 'number', 'boolean', 'json']);
export type DataType = z.infer<typeof DataType>;

/** A condition written in the form as `field=value`, `field!=value` or `field in a,b`; several are joined by AND. */
export const Condition = z.object({
  field: z.string(),
  op: z.enum(['=', '!=', 'in']),
  values: z.array(z.string()),
});
export type Condition = z.infer<typeof Condition>;

export const FieldOption = z.object({
  value: z.string(),
  label: z.string(),
  selected: z.boolean(),
  disabled: z.boolean(),
  /** Offered only while these hold. */
  when: z.optional(z.array(Condition)),
});
export type FieldOption = z.infer<typeof FieldOption>;

export const FieldConstraints = z.object({
  min: z.optional(z.string()),
  max: z.optional(z.string()),
  step: z.optional(z.string()),
  minLength: z.optional(z.number()),
  maxLength: z.optional(z.number()),
  pattern: z.optional(z.string()),
});
export type FieldConstraints = z.infer<typeof FieldConstraints>;

export const Field = z.object({
  name: z.string(),
  /** `text`, `checkbox`, `select`, `textarea` … : the control, by its HTML type or element. */
  type: z.string(),
  dataType: DataType,
  required: z.boolean(),
  /** Several values under one name: a multiple select, or several checkboxes of one name. */
  multiple: z.boolean(),
  label: z.optional(z.string()),
  /** What the form itself pre-fills: the text, or the ticked values. */
  defaultValue: z.optional(z.union([z.string(), z.array(z.string())])),
  options: z.optional(z.array(FieldOption)),
  constraints: FieldConstraints,
  showWhen: z.optional(z.array(Condition)),
  requiredWhen: z.optional(z.array(Condition)),
  remember: z.optional(z.boolean()),
});
export type Field = z.infer<typeof Field>;

/** What is shown of a server that can be chosen: the members of `ServerInfo` that help choosing. */
export const ServerChoice = z.object({
  serverId: z.string(),
  serverPool: z.string(),
  hostname: z.string(),
  /** Processors. */
  cpu: z.number(),
  /** Bytes. */
  freemem: z.number(),
  totalmem: z.number(),
  loggedInUsers: z.number(),
  sessions: z.number(),
  loadavg: z.tuple([z.number(), z.number(), z.number()]),
  accepts: z.object({ start: z.boolean() }),
});
export type ServerChoice = z.infer<typeof ServerChoice>;

export const Form = z.object({
  id: z.string(),
  name: z.string(),
  /** The admin's own text. Never put into a page unless `src/forms/render` has made a fragment of it. */
  html: z.string(),
  version: z.number(),
  fields: z.array(Field),
  /** The choice among servers (`SERVERLIST`): shown as a table, answered by the form's one field. */
  servers: z.optional(z.array(ServerChoice)),
});
export type Form = z.infer<typeof Form>;

/** One complaint about one field, by a stable code; the sentence is made where a person reads it. */
export const FieldProblem = z.object({
  field: z.string(),
  code: z.enum([
    'required',
    'number',
    'boolean',
    'json',
    'json-too-large',
    'json-too-deep',
    'json-name',
    'min',
    'max',
    'step',
    'min-length',
    'max-length',
    'pattern',
    'email',
    'url',
    'option',
    'type',
    'name',
  ]),
  /** The bound that was broken, where there is one. */
  limit: z.optional(z.string()),
});
export type FieldProblem = z.infer<typeof FieldProblem>;

/** What a filled-in form yields. */
export const Answers = z.record(z.string(), JsonValue);
export type Answers = z.infer<typeof Answers>;
