import type { ComponentChildren } from 'preact';
import '../styles/badge.css';
import type { Tone } from './tone.ts';

interface BadgeProps {
  tone?: Tone;
  /** Shows a dot before the text, for a state. */
  dot?: boolean;
  title?: string;
  children?: ComponentChildren;
}

/** A word for a state or kind. The word carries the meaning; the colour only helps. */
export function Badge({ tone = 'neutral', dot = false, title, children }: BadgeProps) {
  return (
    <span class={`badge tone-${tone}`} title={title}>
      {dot && <span class="badge-dot" />}
      {children}
    </span>
  );
}
