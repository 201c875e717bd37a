/** The steps of a start, as an entry of the audit list carries them. */
import * as z from 'zod/mini';

const Step = z.object({
  step: z.string(),
  state: z.string(),
  /** Milliseconds. */
  ms: z.number(),
  reason: z.optional(z.string()),
  /** What a function of the site returned, as JSON. */
  returned: z.optional(z.string()),
});
export type TraceStep = z.infer<typeof Step>;
const WithSteps = z.object({ steps: z.array(Step) });

export function stepsIn(data: unknown): readonly TraceStep[] | undefined {
  const found = WithSteps.safeParse(data);
  return found.success && found.data.steps.length > 0 ? found.data.steps : undefined;
}

export interface Bar extends TraceStep {
  /** Parts of the whole, from 0 to 1. */
  readonly from: number;
  readonly length: number;
}

/** Steps one after the other, each as long as it took. */
export function waterfall(steps: readonly TraceStep[]): { readonly bars: readonly Bar[]; readonly total: number } {
  const total = steps.reduce((sum, { ms }) => sum + ms, 0);
  const whole = Math.max(total, 1);
  let at = 0;
  const bars = steps.map((step) => {
    const bar = { ...step, from: at / whole, length: step.ms / whole };
    at += step.ms;
    return bar;
  });
  return { bars, total };
}
