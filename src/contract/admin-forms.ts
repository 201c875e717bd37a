/**
 * Start forms as administrators write them. Every save is a revision; a revision that was published has a version as
 * well, and people who start are asked the newest version, whatever has been saved since.
 */
import * as z from 'zod/mini';
import { Form } from './form.ts';
import { Params } from './json.ts';
import { PermissionLevel } from './permissions.ts';
import { MAX_FORMS } from './start.ts';

export const MAX_FORM_NAME = 80;
/** Characters a call may bring; the form itself may have 1 MiB, which the check of its text says more kindly. */
const MAX_CALL_HTML = 2 * 1024 * 1024;

const FormName = z.string().check(z.trim(), z.minLength(1), z.maxLength(MAX_FORM_NAME));
const FormHtml = z.string().check(z.maxLength(MAX_CALL_HTML));
const FormId = z.string().check(z.regex(/^[\p{L}\p{Nd}_.-]{1,64}$/u));
const FormIds = z.array(FormId).check(z.maxLength(MAX_FORMS));

/** What the check of a form's text says; the codes are explained in the guide to forms. */
export const FormFinding = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  /** Both from 1. */
  line: z.number(),
  column: z.number(),
  /** The element, attribute, class or name it is about. */
  subject: z.string(),
});
export type FormFinding = z.infer<typeof FormFinding>;

/** One save of a form, without its text. */
export const FormRevision = z.object({
  revision: z.number(),
  /** `null`: was saved, and never published. */
  version: z.nullable(z.number()),
  name: z.string(),
  /** Milliseconds since 1970; 0 for a form that came with the server. */
  at: z.number(),
  by: z.string(),
  publishedAt: z.nullable(z.number()),
  publishedBy: z.nullable(z.string()),
});
export type FormRevision = z.infer<typeof FormRevision>;

export const AdminFormSummary = z.object({
  id: z.string(),
  name: z.string(),
  revision: z.number(),
  /** The version people are asked; `null`: none yet. */
  published: z.nullable(z.number()),
  /** Whether something has been saved that is not published. */
  draft: z.boolean(),
  at: z.number(),
  by: z.string(),
  /** How many things the check of its text has to say. */
  warnings: z.number(),
});
export type AdminFormSummary = z.infer<typeof AdminFormSummary>;

export const AdminForm = z.object({
  id: z.string(),
  name: z.string(),
  html: z.string(),
  /** Goes back with the next save, so that nobody overwrites what they have not seen. */
  revision: z.number(),
  published: z.nullable(z.number()),
  draft: z.boolean(),
  at: z.number(),
  by: z.string(),
  findings: z.array(FormFinding),
  /** Newest first. */
  revisions: z.array(FormRevision),
});
export type AdminForm = z.infer<typeof AdminForm>;

export const NewForm = z.object({ name: FormName, html: FormHtml });
export const SaveForm = z.object({ name: FormName, html: FormHtml, revision: z.int() });

/** With `form-conflict`: what somebody else has saved in the meantime. */
export const FormConflict = z.object({ form: AdminForm });
export type FormConflict = z.infer<typeof FormConflict>;
/** With `form-unusable`: why. */
export const FormRefusal = z.object({ findings: z.array(FormFinding) });
export type FormRefusal = z.infer<typeof FormRefusal>;

/** `before`: the list as it was seen, so that two who order it at once do not undo each other. */
export const OrderForms = z.object({ forms: FormIds, before: FormIds });

/** A start that ends before anything is started. `draft` stands in for the stored form of its id. */
export const TryForms = z.object({
  forms: FormIds,
  params: z.optional(Params),
  answered: z.optional(z.array(z.object({ id: z.string(), version: z.number() })).check(z.maxLength(MAX_FORMS))),
  draft: z.optional(z.object({ id: FormId, name: FormName, html: FormHtml })),
  /** As whom; what the form filter decides may depend on it. */
  as: z.optional(
    z.object({
      login: z.string().check(z.minLength(1), z.maxLength(256)),
      groups: z.array(z.string().check(z.maxLength(256))).check(z.maxLength(64)),
      level: PermissionLevel,
    }),
  ),
});
export type TryForms = z.infer<typeof TryForms>;

export const TryResult = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('form'), form: Form, forms: z.array(z.string()) }),
  /** What the session would be started with. */
  z.object({ stage: z.literal('ready'), params: Params }),
]);
export type TryResult = z.infer<typeof TryResult>;
