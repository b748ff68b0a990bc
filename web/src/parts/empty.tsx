import type { ComponentChildren } from 'preact';
import '../styles/empty.css';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';

interface EmptyProps {
  /** What is missing, in a few words. */
  title: string;
  icon?: IconName;
  /** What the reader can do: a {@link Button} or a link. */
  action?: ComponentChildren;
  /** Possible reasons. */
  children?: ComponentChildren;
}

/** Shown in place of missing content. */
export function Empty({ title, icon = 'info', action, children }: EmptyProps) {
  return (
    <div class="empty">
      <Icon name={icon} size={20} />
      <p class="empty-title">{title}</p>
      {children !== undefined && <div class="empty-text">{children}</div>}
      {action !== undefined && <div class="empty-action">{action}</div>}
    </div>
  );
}
