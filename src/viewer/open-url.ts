interface OpeningWindow {
  readonly navigator: { readonly userActivation?: { readonly isActive: boolean } };
  readonly document: Document;
  open(url: string, target: string, features: string): unknown;
}

/**
 * Opens a page that a program in the session asked for, in a tab of its own that knows nothing of this one. Browsers
 * allow that only shortly after the person did something here, and with `noopener` do not tell when they refused, so
 * the gesture is asked for first.
 */
export function openUrl(window: OpeningWindow, url: string): boolean {
  // A browser too old to tell opens it or does not.
  if (window.navigator.userActivation?.isActive === false) return false;
  if (url.startsWith('mailto:')) {
    // A tab of its own would stay behind, empty.
    const link = window.document.createElement('a');
    link.href = url;
    link.rel = 'noopener noreferrer';
    link.click();
    return true;
  }
  window.open(url, '_blank', 'noopener,noreferrer');
  return true;
}
