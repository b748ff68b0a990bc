import { useId, useRef, useState } from 'preact/hooks';
import '../styles/menu.css';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { IconButton } from './icon-button.tsx';
import type { IconName } from './icon-paths.ts';
import { useDismiss } from './use-dismiss.ts';

/** An entry of {@link Menu}: a link or an action. */
export interface MenuItem {
  label: string;
  icon?: IconName;
  href?: string;
  onSelect?(): void;
  disabled?: boolean;
  danger?: boolean;
  /** Whether it is the current choice, shown with a check. */
  checked?: boolean;
}

interface MenuProps {
  /** What it offers: the text of its button, or its name if it is only an icon. */
  label: string;
  items: readonly MenuItem[];
  /** Shows only an icon instead of a button with its label. */
  icon?: IconName;
  align?: 'start' | 'end';
}

const STEPS: Record<string, (index: number, count: number) => number> = {
  ArrowDown: (index, count) => (index + 1) % count,
  ArrowUp: (index, count) => (index - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Moves the focus among the entries of a menu by keyboard. */
function moveFocus(event: KeyboardEvent, list: HTMLElement | null) {
  const step = STEPS[event.key];
  if (step === undefined || list === null) return;
  event.preventDefault();
  const entries = [...list.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([aria-disabled="true"])')];
  const index = entries.indexOf(document.activeElement as HTMLElement);
  entries[step(index, entries.length)]?.focus();
}

/** A button that opens a list of actions. */
export function Menu({ label, items, icon, align = 'start' }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const area = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const close = () => {
    setOpen(false);
    if (list.current?.contains(document.activeElement)) area.current?.querySelector('button')?.focus();
  };
  useDismiss(area, isOpen, close);
  const opener = {
    'aria-haspopup': 'menu',
    'aria-expanded': isOpen,
    'aria-controls': isOpen ? id : undefined,
    onClick: () => setOpen(!isOpen),
  } as const;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it moves the focus of the buttons within it.
    <div class="menu" ref={area} onKeyDown={(event) => moveFocus(event, list.current)}>
      {icon === undefined ? (
        <Button {...opener}>
          {label}
          <Icon name="chevronDown" size={12} />
        </Button>
      ) : (
        <IconButton {...opener} label={label} icon={icon} />
      )}
      {isOpen && (
        <div class={`menu-list menu-${align}`} role="menu" aria-label={label} id={id} ref={list}>
          {items.map((item) => (
            <MenuEntry key={item.label} item={item} onDone={close} />
          ))}
        </div>
      )}
    </div>
  );
}

function MenuEntry({ item, onDone }: { item: MenuItem; onDone(): void }) {
  const { label, icon, href, onSelect, disabled = false, danger = false, checked } = item;
  const select = () => {
    if (disabled) return;
    onDone();
    onSelect?.();
  };
  const common = {
    class: `menu-item${danger ? ' menu-danger' : ''}`,
    role: checked === undefined ? 'menuitem' : 'menuitemradio',
    'aria-checked': checked,
    'aria-disabled': disabled,
    onClick: select,
  } as const;
  const content = (
    <>
      {icon !== undefined && <Icon name={icon} size={14} />}
      <span>{label}</span>
      {checked && <Icon name="check" size={14} />}
    </>
  );
  if (href !== undefined) {
    return (
      <a {...common} href={href}>
        {content}
      </a>
    );
  }
  return (
    <button type="button" {...common}>
      {content}
    </button>
  );
}
