import type { ComponentChildren } from 'preact';
import '../styles/page-head.css';

interface PageHeadProps {
  title: ComponentChildren;
  subtitle?: ComponentChildren;
  actions?: ComponentChildren;
}

/** The head of a page: its only `h1`, a line about what it shows, and its actions. */
export function PageHead({ title, subtitle, actions }: PageHeadProps) {
  return (
    <header class="page-head">
      <div class="page-head-text">
        <h1>{title}</h1>
        {subtitle !== undefined && <p class="muted">{subtitle}</p>}
      </div>
      {actions !== undefined && <div class="page-head-actions">{actions}</div>}
    </header>
  );
}
