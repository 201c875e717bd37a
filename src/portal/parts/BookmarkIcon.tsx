/** A bookmark's picture: one of ours by its name, or its own, which is a small picture and nothing else. */
import { isPicture } from '../../contract/bookmark.ts';
import { iconFor } from '../home/session-icon.ts';
import { Icon } from './Icon.tsx';

export interface BookmarkIconProps {
  readonly icon: string;
  readonly command: string;
  readonly size?: number;
}

export function BookmarkIcon({ icon, command, size = 34 }: BookmarkIconProps) {
  if (isPicture(icon)) return <img className="bookmark-picture" src={icon} alt="" width={size} height={size} />;
  return <Icon name={iconFor(icon, command)} size={size} />;
}
