/** What a person chose in this browser for every session: where the bar is, whether closing asks, how pictures are made. */
import * as z from 'zod/mini';
import { KeyboardLayout } from '../contract/keyboard.ts';
import { LEAVE_KEY_NAMES } from '../input/leave-key.ts';

const KEY = 'casement.viewer';

const Picture = z.object({
  /** `auto`, `null` for lossless, or JPEG quality 0 to 9. */
  quality: z.union([z.literal('auto'), z.null(), z.int().check(z.minimum(0), z.maximum(9))]),
  compression: z.int().check(z.minimum(0), z.maximum(9)),
  /** How large things are drawn: as this screen has it, or a factor. */
  scale: z.union([z.literal('auto'), z.number().check(z.minimum(0.5), z.maximum(4))]),
  /** The device's own pixels. */
  sharp: z.boolean(),
});
export type PictureChoices = z.infer<typeof Picture>;

/** Everything is optional; a member that cannot be read is dropped without the others. */
const MEMBERS = {
  bar: z.object({ edge: z.enum(['top', 'right', 'bottom', 'left']), at: z.number().check(z.minimum(0), z.maximum(1)) }),
  pinned: z.boolean(),
  askBeforeClosing: z.boolean(),
  /** The name of a layout, or `characters`: keys go as what they write. */
  layout: KeyboardLayout,
  commandIsControl: z.boolean(),
  leaveKey: z.enum(LEAVE_KEY_NAMES),
  clipboardAutomatic: z.boolean(),
  clipboardSelected: z.boolean(),
  clipboardAsked: z.boolean(),
  touch: z.enum(['direct', 'trackpad']),
  picture: Picture,
  /** Where files were uploaded to last. */
  folder: z.string().check(z.minLength(1), z.maxLength(16 * 1024)),
} as const;

/** `undefined` in a change takes a choice back. */
export type PreferenceValues = { [Name in keyof typeof MEMBERS]?: z.infer<(typeof MEMBERS)[Name]> | undefined };

export class Preferences {
  readonly #storage: () => Storage;
  #values: PreferenceValues;

  constructor(storage: () => Storage) {
    this.#storage = storage;
    this.#values = read(storage);
  }

  get<Name extends keyof PreferenceValues>(name: Name): PreferenceValues[Name] {
    return this.#values[name];
  }

  set(change: PreferenceValues): void {
    // Another tab may have written since.
    this.#values = { ...this.#values, ...read(this.#storage), ...change };
    try {
      this.#storage().setItem(KEY, JSON.stringify(this.#values));
    } catch {
      // Storage is blocked or full: it holds for this page.
    }
  }
}

function read(storage: () => Storage): PreferenceValues {
  let json: unknown;
  try {
    json = JSON.parse(storage().getItem(KEY) ?? '{}');
  } catch {
    return {};
  }
  if (typeof json !== 'object' || json === null) return {};
  const kept: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(MEMBERS)) {
    const parsed = schema.safeParse((json as Record<string, unknown>)[name]);
    if (parsed.success) kept[name] = parsed.data;
  }
  return kept;
}
