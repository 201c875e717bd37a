/** Inputs to try a function on before anybody has started anything. */
import { SAMPLE_INPUTS } from '../../../contract/function-samples.ts';
import type { FunctionName } from '../../../contract/functions.ts';
import type { JsonValue } from '../../../contract/json.ts';

export interface Sample {
  /** Its name is the text `functions.samples.KEY`. */
  readonly key: 'person' | 'admin' | 'unasked';
  readonly input: JsonValue;
}

const isObject = (value: JsonValue | undefined): value is { [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same for an administrator, and for a person without groups whose start has nothing answered. */
export function samplesFor(name: FunctionName): Sample[] {
  const input = SAMPLE_INPUTS[name];
  if (!isObject(input)) return [{ key: 'person', input }];
  const samples: Sample[] = [{ key: 'person', input }];
  const flags = ['isAdmin', 'admin'].filter((flag) => flag in input);
  if (flags.length > 0) {
    samples.push({ key: 'admin', input: { ...input, ...Object.fromEntries(flags.map((flag) => [flag, true])) } });
  }
  const bare = { ...input };
  if ('userGroups' in bare) bare['userGroups'] = [];
  for (const member of ['data', 'start']) {
    const data = bare[member];
    if (isObject(data)) bare[member] = { ...data, params: {} };
  }
  samples.push({ key: 'unasked', input: bare });
  return samples;
}
