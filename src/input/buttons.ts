/** Bits of the RFB button mask, and the DOM's `buttons` in them. Back and forward need extended mouse buttons. */
export const BUTTON = {
  left: 1,
  middle: 2,
  right: 4,
  wheelUp: 8,
  wheelDown: 16,
  wheelLeft: 32,
  wheelRight: 64,
  back: 128,
  forward: 256,
} as const;

const DOM_BUTTONS = [BUTTON.left, BUTTON.right, BUTTON.middle, BUTTON.back, BUTTON.forward] as const;

export function buttonMask(domButtons: number): number {
  return DOM_BUTTONS.reduce((mask, button, bit) => (domButtons & (1 << bit) ? mask | button : mask), 0);
}
