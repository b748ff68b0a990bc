import type { ButtonHTMLAttributes } from 'preact';
import '../styles/button.css';
import type { ButtonAttributes } from './button.tsx';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';

interface IconButtonProps
  extends ButtonAttributes,
    Pick<ButtonHTMLAttributes<HTMLButtonElement>, 'tabIndex'> {
  /** What it does, read aloud and shown on hover. */
  label: string;
  icon: IconName;
}

/** A button with only an icon. */
export function IconButton({ label, icon, ...passed }: IconButtonProps) {
  return (
    <button type="button" {...passed} class="icon-button" aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  );
}
