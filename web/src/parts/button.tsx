import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';
import '../styles/button.css';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';

/** The attributes that every button passes to its element. */
export type ButtonAttributes = Pick<
  ButtonHTMLAttributes<HTMLButtonElement>,
  'disabled' | 'onClick' | 'aria-expanded' | 'aria-haspopup' | 'aria-pressed' | 'aria-controls' | 'id'
>;

/**
 * `primary`: the main action of a view. `plain`: no border until hovered. `danger`: destroys
 * something.
 */
export type ButtonKind = 'default' | 'primary' | 'plain' | 'danger';

interface ButtonProps extends ButtonAttributes, Pick<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> {
  kind?: ButtonKind;
  icon?: IconName;
  /** Its action is running: the button waits and cannot be pressed again. */
  busy?: boolean;
  children?: ComponentChildren;
}

/** A button with text. */
export function Button({ kind = 'default', icon, busy = false, disabled, children, ...passed }: ButtonProps) {
  return (
    <button
      type="button"
      {...passed}
      class={`button button-${kind}`}
      disabled={busy || disabled}
      aria-busy={busy}
    >
      {icon !== undefined && <Icon name={icon} size={14} />}
      {children}
    </button>
  );
}

interface LinkButtonProps {
  href: string;
  kind?: ButtonKind;
  icon?: IconName;
  children?: ComponentChildren;
}

/** A link that looks like a button. It navigates, and opens in a new tab as links do. */
export function LinkButton({ href, kind = 'default', icon, children }: LinkButtonProps) {
  return (
    <a class={`button button-${kind}`} href={href}>
      {icon !== undefined && <Icon name={icon} size={14} />}
      {children}
    </a>
  );
}
