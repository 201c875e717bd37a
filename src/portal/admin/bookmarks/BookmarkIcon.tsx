import { isPicture } from '../../../contract/bookmark.ts';
import { iconFor } from '../../home/session-icon.ts';
import { Icon } from '../../parts/Icon.tsx';

/** The picture of a bookmark: one of ours, or its own. */
export function BookmarkIcon({
  icon,
  command,
  size,
}: {
  readonly icon: string;
  readonly command: string;
  readonly size: number;
}) {
  return isPicture(icon) ? (
    <img className="icon" src={icon} alt="" width={size} height={size} />
  ) : (
    <Icon name={iconFor(icon, command)} size={size} />
  );
}
