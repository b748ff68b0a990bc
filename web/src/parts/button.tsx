import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';
import '../styles/button.css';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';

/** What every button hands on to its element. */
export type ButtonAttributes = Pick<
  ButtonHTMLAttributes<HTMLButtonElement>,
  'disabled' | 'onClick' | 'aria-expanded' | 'aria-haspopup' | 'aria-pressed' | 'aria-controls' | 'id'
>;

/** `primary`: the one thing a view is for. `plain`: no border until it is pointed at. `danger`: destroys. */
export type ButtonKind = 'default' | 'primary' | 'plain' | 'danger';

interface ButtonProps extends ButtonAttributes, Pick<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> {
  kind?: ButtonKind;
  icon?: IconName;
  /** It works: the button waits and cannot be pressed again. */
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

/** A link that looks like a button: it goes somewhere, and opens in a new tab as links do. */
export function LinkButton({ href, kind = 'default', icon, children }: LinkButtonProps) {
  return (
    <a class={`button button-${kind}`} href={href}>
      {icon !== undefined && <Icon name={icon} size={14} />}
      {children}
    </a>
  );
}
