import '../styles/icon.css';
import { type IconName, PATHS } from './icon-paths.ts';

/** The names of all icons. */

/**
 * A small line drawing in the colour of the text. Screen readers ignore it: put a label beside it.
 */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
