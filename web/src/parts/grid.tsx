import type { ComponentChildren } from 'preact';
import '../styles/grid.css';

interface GridProps {
  /** The least width of a column in pixels: as many columns as fit, one on a narrow screen. */
  min?: number;
  /** Gaps: `tight` between figures that belong together. */
  gap?: 'tight' | 'normal';
  children?: ComponentChildren;
}

/** Panels side by side in columns of the same width. A child that is `wide` takes a whole line. */
export function Grid({ min = 360, gap = 'normal', children }: GridProps) {
  return (
    <div class={`grid grid-${gap}`} style={{ '--grid-min': `${min}px` }}>
      {children}
    </div>
  );
}
