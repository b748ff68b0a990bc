import type { ComponentChildren } from 'preact';
import { formatValue, type Unit } from '../format/value.ts';
import '../styles/badge.css';
import '../styles/bar-list.css';
import { useOfferTable } from './offer-table.ts';
import type { Tone } from './tone.ts';

/** A line of {@link BarList}. */
export interface BarItem {
  key: string;
  label: string;
  value: number | null;
  href?: string;
  /** Details, shown in muted text after the label. */
  detail?: string;
  tone?: Tone;
}

interface BarListProps {
  items: readonly BarItem[];
  unit: Unit;
  /** The total for the shares. If absent, the greatest value fills its bar. */
  total?: number | null;
  onSelect?(item: BarItem): void;
}

/** Values by name, with bars as long as their shares: the top spenders, the routes, the models. */
export function BarList({ items, unit, total, onSelect }: BarListProps) {
  useOfferTable(() => ({
    columns: [
      { key: 'name', title: 'Name' },
      { key: 'value', title: 'Value', unit },
    ],
    rows: items.map(({ label, value }) => ({ name: label, value })),
  }));
  const greatest = Math.max(...items.map(({ value }) => value ?? 0), 0) || 1;
  const share = (value: number) => (total ? formatValue(value / total, 'ratio') : undefined);
  return (
    <ul class="bar-list">
      {items.map((item) => (
        <li key={item.key}>
          <BarLine item={item} onSelect={onSelect}>
            <span
              class={`bar-list-bar tone-${item.tone ?? 'accent'}`}
              style={{ width: `${(Math.max(item.value ?? 0, 0) / greatest) * 100}%` }}
            />
            <span class="bar-list-label truncate" title={item.label} dir="auto">
              {item.label}
              {item.detail !== undefined && <span class="muted"> {item.detail}</span>}
            </span>
            {item.value !== null && total ? <span class="bar-list-share">{share(item.value)}</span> : null}
            <span class="bar-list-value" title={formatValue(item.value, unit, 'long')}>
              {formatValue(item.value, unit)}
            </span>
          </BarLine>
        </li>
      ))}
    </ul>
  );
}

interface BarLineProps {
  item: BarItem;
  onSelect: BarListProps['onSelect'];
  children: ComponentChildren;
}

function BarLine({ item, onSelect, children }: BarLineProps) {
  if (item.href !== undefined) {
    return (
      <a class="bar-list-line" href={item.href}>
        {children}
      </a>
    );
  }
  if (onSelect === undefined) return <div class="bar-list-line">{children}</div>;
  return (
    <button type="button" class="bar-list-line" onClick={() => onSelect(item)}>
      {children}
    </button>
  );
}
