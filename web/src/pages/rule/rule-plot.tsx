import { formatValue } from '../../format/value.ts';
import type { CreateAlertRuleInput, PreviewRuleQuery } from '../../generated/graphql.ts';
import { TimeChart } from '../../parts/time-chart.tsx';
import type { Tone } from '../../parts/tone.ts';
import { bounds, zone, zoom } from '../../state/view.ts';
import { unitOf } from '../shared/rule-words.ts';
import type { ChartData } from '../shared/series.ts';
import { openSpans } from './open-spans.ts';

export type Firing = PreviewRuleQuery['previewAlertRule']['firings'][number];

interface RulePlotProps {
  readonly title: string;
  readonly drawn: ChartData;
  readonly rule: CreateAlertRuleInput;
  readonly firings: readonly Firing[];
}

/** What a rule measures, its thresholds, and the times when an alert would have been open. */
export function RulePlot({ title, drawn, rule, firings }: RulePlotProps) {
  return (
    <TimeChart
      title={title}
      times={drawn.times}
      series={drawn.series}
      unit={unitOf(rule)}
      zone={zone.value}
      thresholds={thresholdsOf(rule)}
      spans={openSpans(firings, bounds.value)}
      onZoom={zoom}
      height={240}
      group="rule"
    />
  );
}

function thresholdsOf(rule: CreateAlertRuleInput) {
  const unit = unitOf(rule);
  const levels: readonly (readonly [string, number | null | undefined, Tone])[] = [
    ['warning', rule.warning, 'warn'],
    ['critical', rule.critical, 'bad'],
  ];
  return levels.flatMap(([label, value, tone]) =>
    value === null || value === undefined
      ? []
      : [{ value, label: `${label} ${formatValue(value, unit)}`, tone }],
  );
}
