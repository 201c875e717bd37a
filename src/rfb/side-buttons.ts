/**
 * The back and forward buttons of a mouse, for servers that have no message for them: the keys that browsers and file
 * managers in the session know for the same.
 */

/** Bit of the button mask, keysym (XF86Back, XF86Forward) and XT scan code. */
const SIDE = [
  [0x80, 0x1008ff26, 0xea],
  [0x100, 0x1008ff27, 0xe9],
] as const;

export interface SideKey {
  readonly down: boolean;
  readonly keysym: number;
  readonly xtCode: number;
}

/** Between two button masks. */
export function sideButtonKeys(before: number, now: number): SideKey[] {
  return SIDE.filter(([bit]) => ((before ^ now) & bit) !== 0).map(([bit, keysym, xtCode]) => ({
    down: (now & bit) !== 0,
    keysym,
    xtCode,
  }));
}
