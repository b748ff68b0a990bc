import type { ComponentChildren } from 'preact';
import '../styles/grid.css';

interface RowProps {
  align?: 'start' | 'center' | 'end' | 'between';
  gap?: 'tight' | 'normal';
  /** Whether items that do not fit wrap to the next line. Default: true. */
  wrap?: boolean;
  children?: ComponentChildren;
}

/** Items on one line. */
export function Row({ align = 'start', gap = 'normal', wrap = true, children }: RowProps) {
  return <div class={`row row-${align} row-${gap}${wrap ? ' row-wrap' : ''}`}>{children}</div>;
}
