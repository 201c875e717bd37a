/**
 * What this browser remembers of a person's choices. Nothing secret; a browser without storage just forgets. The viewer
 * of this origin reads language and colours as well (`contract/preferences.ts`).
 */
type Setting = 'locale' | 'theme' | 'start.choice' | 'start.size' | 'login.name';

const PREFIX = 'casement.';

export function readSetting(name: Setting): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined;
  } catch {
    return undefined;
  }
}

export function writeSetting(name: Setting, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Private windows and full disks: the choice lasts as long as the page.
  }
}
