/** Which record's panel is open: a member of the address, so that it can be linked to and Back closes it. */
import { useNavigate, useSearch } from '@tanstack/react-router';

/** One that is not on the server yet; before an id, a copy of that one. */
export const NEW = '+';

export interface Open {
  readonly id: string | undefined;
  readonly show: (id: string | undefined) => void;
}

export function useOpen(): Open {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const navigate = useNavigate();
  const { open } = search;
  return {
    // The router reads what looks like a number as one.
    id: typeof open === 'string' || typeof open === 'number' ? String(open) : undefined,
    show: (id) =>
      // A page keeps its other members, and has no type of its own for them.
      void navigate({ to: '.', search: { ...search, open: id }, replace: id === undefined }),
  };
}
