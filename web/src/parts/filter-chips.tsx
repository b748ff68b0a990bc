import '../styles/filter-chips.css';
import { Icon } from './icon.tsx';

/** An active filter. */
export interface Filter {
  key: string;
  /** What is filtered, for example "model". */
  label: string;
  /** The required value. */
  value: string;
  /** The word between label and value: "is" by default, or for example "is not" or "contains". */
  operator?: string;
}

interface FilterChipsProps {
  filters: readonly Filter[];
  onRemove(filter: Filter): void;
  /** Offered if there are several. */
  onClear?(): void;
}

/** The active filters, each with a button that removes it. Nothing if there are none. */
export function FilterChips({ filters, onRemove, onClear }: FilterChipsProps) {
  if (filters.length === 0) return null;
  return (
    <ul class="filter-chips" aria-label="Filters">
      {filters.map((filter) => {
        const { key, label, value, operator = 'is' } = filter;
        return (
          <li key={key} class="filter-chip">
            <span class="truncate" title={`${label} ${operator} ${value}`}>
              <span class="muted">
                {label} {operator}
              </span>{' '}
              {value}
            </span>
            <button
              type="button"
              aria-label={`Remove the filter: ${label} ${operator} ${value}`}
              onClick={() => onRemove(filter)}
            >
              <Icon name="close" size={12} />
            </button>
          </li>
        );
      })}
      {onClear !== undefined && filters.length > 1 && (
        <li>
          <button type="button" class="filter-clear" onClick={onClear}>
            Clear all
          </button>
        </li>
      )}
    </ul>
  );
}
