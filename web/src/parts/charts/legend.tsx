import { colorVariables } from './colors.ts';
import type { Series } from './series.ts';

interface LegendProps {
  series: readonly Series[];
  hidden: ReadonlySet<string>;
  onToggle(key: string): void;
}

/** The names of the series. Each is a button that hides or shows its series. */
export function Legend({ series, hidden, onToggle }: LegendProps) {
  const variables = colorVariables(series);
  return (
    <ul class="chart-legend" aria-label="Series">
      {series.map(({ key, label, style }, index) => (
        <li key={key}>
          <button type="button" aria-pressed={!hidden.has(key)} onClick={() => onToggle(key)} title={label}>
            <span
              class={`swatch${style === 'dashed' ? ' swatch-dashed' : ''}`}
              style={{ '--swatch': `var(${variables[index]})` }}
            />
            <span class="truncate">{label}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
