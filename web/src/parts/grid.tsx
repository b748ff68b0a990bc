import type { ComponentChildren } from 'preact';
import '../styles/grid.css';

interface GridProps {
  /** The least width of a column in pixels: as many columns as fit, one on a narrow screen. */
  min?: number;
  /** The most columns, so that the last line is not left with one of four; of three, the last takes a line of its own. */
  most?: number;
  /** Gaps: `tight` between figures that belong together. */
  gap?: 'tight' | 'normal';
  children?: ComponentChildren;
}

/** Panels side by side in columns of the same width. A child that is `wide` takes a whole line. */
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
