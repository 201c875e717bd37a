/** Fills a plan with what the schedule event left of the start data. */
import { CasementError } from '../../src/contract/errors.ts';
import {
  type FilledPlan,
  fillPlan,
  type SchedulePlan,
  TemplateError,
  ValueError,
} from '../../src/contract/schedule.ts';
import type { SessionStart } from '../sessions/port.ts';

/** @throws CasementError `schedule-template`, `schedule-value` */
export function fill(plan: SchedulePlan, start: SessionStart): FilledPlan {
  try {
    return fillPlan(plan, start);
  } catch (cause) {
    if (cause instanceof ValueError) throw new CasementError('schedule-value', { details: { message: cause.message } });
    if (!(cause instanceof TemplateError)) throw cause;
    throw new CasementError('schedule-template', { details: { message: cause.message } });
  }
}
