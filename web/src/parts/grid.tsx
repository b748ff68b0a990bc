import type { ComponentChildren } from 'preact';
import '../styles/grid.css';

interface GridProps {
  /**
   * The minimum width of a column in pixels. As many columns as fit are shown; one on a narrow
   * screen.
   */
  min?: number;
  /** Gaps: `tight` between related figures. */
  gap?: 'tight' | 'normal';
  children?: ComponentChildren;
}

/** Panels side by side in columns of equal width. A `wide` child takes a whole row. */
export function Grid({ min = 360, gap = 'normal', children }: GridProps) {
  return (
    <div class={`grid grid-${gap}`} style={{ '--grid-min': `${min}px` }}>
      {children}
    </div>
  );
}
