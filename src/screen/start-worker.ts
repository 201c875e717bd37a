/** Starts the worker, also on pages that take a script's address only from a policy that they name. */
// oxlint-disable-next-line import/default -- the bundler makes its address of it
import workerUrl from './worker.ts?worker&url';

interface Policy {
  createScriptURL(url: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

/** For all screens of a page, since a policy can be made once. It knows this address alone. */
let policy: Policy | undefined;

function address(): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  try {
    policy ??= trustedTypes?.createPolicy('casement-screen', { createScriptURL: () => workerUrl });
  } catch {
    // The page's policy does not name it; where it does not insist on one either, the plain address is good enough.
  }
  return policy ? policy.createScriptURL(workerUrl) : workerUrl;
}

export function startWorker(): Worker {
  return new Worker(address(), { type: 'module', name: 'casement-screen' });
}
