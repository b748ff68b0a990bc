import '../styles/filter-chips.css';
import { Icon } from './icon.tsx';

/** A filter that holds now. */
export interface Filter {
  key: string;
  /** What is filtered, for example "model". */
  label: string;
  /** What it must be. */
  value: string;
  /** Between both: "is" unless said, as "is not" or "contains". */
  operator?: string;
}

interface FilterChipsProps {
  filters: readonly Filter[];
  onRemove(filter: Filter): void;
  /** Offered when there are several. */
  onClear?(): void;
}

/** The filters that hold now, each with a button that removes it. Nothing if there is none. */
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
