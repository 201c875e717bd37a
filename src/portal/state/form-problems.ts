/** What the server found wrong with answers, out of a failure's details. */
import * as z from 'zod/mini';
import type { ApiFailure } from '../../api/failure.ts';
import { FieldProblem } from '../../contract/form.ts';

const Details = z.object({ form: z.optional(z.string()), problems: z.array(FieldProblem) });

export function formProblems(failure: ApiFailure | undefined): z.infer<typeof Details> | undefined {
  if (failure?.code !== 'form-invalid') return undefined;
  const details = Details.safeParse(failure.details);
  return details.success ? details.data : undefined;
}
