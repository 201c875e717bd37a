/** What can be chosen as the size of a new session. */
import { MAX_SIDE, MIN_SIDE, parseGeometry } from '../../contract/session.ts';

export const COMMON_SIZES = ['1280x800', '1600x900', '1920x1080', '2560x1440', '3840x2160'] as const;

/** A choice: `fit`, `custom`, `rootless`, or one of the sizes. */
export type SizeChoice = string;

export interface SizeSource {
  size(): { width: number; height: number };
}

const within = (side: number) => Math.min(MAX_SIDE, Math.max(MIN_SIDE, Math.floor(side)));

/** The choice as the start data have it; `undefined`: what was typed is no size. */
export function geometryOf(choice: SizeChoice, custom: string, source: SizeSource): string | undefined {
  if (choice === 'custom') {
    const text = custom
      .trim()
      .toLowerCase()
      .replaceAll(/\s*[x×*]\s*/g, 'x');
    return typeof parseGeometry(text) === 'object' ? text : undefined;
  }
  if (choice !== 'fit') return parseGeometry(choice) === undefined ? undefined : choice;
  const { width, height } = source.size();
  return `${within(width)}x${within(height)}`;
}

/** A bookmark's or a former session's geometry as a choice: its size may be an old window's. */
export function choiceOf(geometry: string): { choice: SizeChoice; custom: string } {
  if (geometry === 'fullscreen') return { choice: 'fit', custom: '' };
  if (geometry === 'rootless' || COMMON_SIZES.some((size) => size === geometry))
    return { choice: geometry, custom: '' };
  return { choice: 'custom', custom: geometry };
}
