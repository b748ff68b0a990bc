import type { ComponentChildren } from 'preact';
import '../styles/grid.css';

interface GridProps {
  /**
   * The minimum width of a column in pixels. As many columns as fit are shown; one on a narrow
   * screen.
   */
  min?: number;
  /**
   * The most columns, so that the last line is not left with one of four; of three, the last takes
   * a line of its own.
   */
  most?: number;
  /** Gaps: `tight` between related figures. */
  gap?: 'tight' | 'normal';
  children?: ComponentChildren;
}

/** Panels side by side in columns of equal width. A `wide` child takes a whole row. */
export function Grid({ min = 360, most = 12, gap = 'normal', children }: GridProps) {
  return (
    <div
      class={`grid grid-${gap}${most === 3 ? ' grid-of-three' : ''}`}
      style={{ '--grid-min': `${min}px`, '--grid-most': most }}
    >
      {children}
    </div>
  );
}
