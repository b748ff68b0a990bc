import { formatChange } from '../format/change.ts';
import { formatValue, type Unit } from '../format/value.ts';
import '../styles/badge.css';
import '../styles/stat.css';
import { Sparkline } from './sparkline.tsx';
import type { Tone } from './tone.ts';

interface StatProps {
  title: string;
  value: number | null | undefined;
  unit: Unit;
  /** The value of the previous period; without it, no change is shown. */
  previous?: number | null;
  sparkline?: readonly (number | null)[];
  href?: string;
  /** What is measured, in a sentence: the title of the figure. */
  hint?: string;
  tone?: Tone;
  /** Which direction is better, which determines the colour of the change. */
  goodDirection?: 'up' | 'down' | 'none';
}

const ARROWS = { up: '▲', down: '▼', flat: '', none: '' } as const;

function toneOfChange(direction: keyof typeof ARROWS, good: StatProps['goodDirection']): Tone {
  if (good === 'none' || direction === 'flat' || direction === 'none') return 'neutral';
  return direction === good ? 'good' : 'bad';
}

/** One figure: its value, its change since the previous period and its trend. */
export function Stat(props: StatProps) {
  const { title, value, unit, previous, sparkline, href, hint, tone, goodDirection = 'none' } = props;
  const change = formatChange(value, previous);
  const before = `Previous period: ${formatValue(previous, unit, 'long')}`;
  const content = (
    <>
      <span class="stat-title truncate" title={title}>
        {title}
      </span>
      <span class="stat-figure">
        <span class="stat-value" title={formatValue(value, unit, 'long')}>
          {formatValue(value, unit)}
        </span>
        {change.direction !== 'none' && (
          <span class={`stat-change tone-${toneOfChange(change.direction, goodDirection)}`} title={before}>
            <span aria-hidden="true">{ARROWS[change.direction]}</span> {change.text}
          </span>
        )}
      </span>
      {sparkline !== undefined && (
        <Sparkline values={sparkline} label={`${title} over time`} color={tone ?? 'accent'} />
      )}
    </>
  );
  const className = `stat${tone === undefined ? '' : ` stat-toned tone-${tone}`}`;
  if (href === undefined) {
    return (
      <div class={className} title={hint}>
        {content}
      </div>
    );
  }
  return (
    <a class={className} href={href} title={hint}>
      {content}
    </a>
  );
}
