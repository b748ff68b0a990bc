import type { ComponentChildren } from 'preact';
import '../styles/grid.css';

interface RowProps {
  align?: 'start' | 'center' | 'end' | 'between';
  gap?: 'tight' | 'normal';
  /** Whether what does not fit moves to the next line: true unless said. */
  wrap?: boolean;
  children?: ComponentChildren;
}

/** Things on one line. */
export function Row({ align = 'start', gap = 'normal', wrap = true, children }: RowProps) {
  return <div class={`row row-${align} row-${gap}${wrap ? ' row-wrap' : ''}`}>{children}</div>;
}
