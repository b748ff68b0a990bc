import type { ComponentChildren } from 'preact';
import './facts.css';

/** A name and a value; null values are not shown. */
export type Fact = readonly [name: string, value: ComponentChildren];

/** Names with their values, one per line. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
