import type { ComponentChildren } from 'preact';
import '../styles/grid.css';

interface StackProps {
  gap?: 'tight' | 'normal';
  children?: ComponentChildren;
}

/** Items below each other: the parts of a page, the fields of a form. */
export function Stack({ gap = 'normal', children }: StackProps) {
  return <div class={`stack stack-${gap}`}>{children}</div>;
}
