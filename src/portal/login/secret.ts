/** Takes the reason why a login by the identity provider failed from the address's query. */
export function takeFailure(win: Pick<Window, 'location' | 'history'> = window): string | undefined {
  const { hash, pathname, search } = win.location;
  const failed = new URLSearchParams(search).get('failed');
  if (failed === null) return undefined;
  win.history.replaceState(win.history.state, '', pathname + hash);
  return failed;
}

/** Takes the secret from the address's fragment; afterwards neither the address bar nor the history has it. */
export function takeSecret(win: Pick<Window, 'location' | 'history'> = window): string | undefined {
  const { hash, pathname, search } = win.location;
  if (hash.length <= 1) return undefined;
  win.history.replaceState(win.history.state, '', pathname + search);
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return hash.slice(1);
  }
}
