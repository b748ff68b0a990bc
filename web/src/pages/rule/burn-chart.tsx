import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { CreateAlertRuleInput, SloBurnQuery } from '../../generated/graphql.ts';
import { bounds, zone } from '../../state/view.ts';
import { durationMs, toShortDuration } from '../shared/durations.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { type ChartData, tableOf } from '../shared/series.ts';
import { type Firing, RulePlot } from './rule-plot.tsx';

const SloBurn = graphql(`
  query SloBurn($sloId: String!, $zone: TimeZone!, $grain: TimeGrain!) {
    slo(sloId: $sloId) {
      id
      objective
      status { series(grain: $grain, timeZone: $zone) { end events bad } }
    }
  }
`);

interface BurnChartProps {
  readonly rule: CreateAlertRuleInput;
  readonly firings: readonly Firing[];
}

const HOUR_MS = 3_600_000;

/** The burn rate that a rule measures, by the hour: what the SLO keeps of its window. */
export function BurnChart({ rule, firings }: BurnChartProps) {
  const windowMs = durationMs(rule.window) ?? HOUR_MS;
  const variables = () => ({ sloId: rule.sloId ?? '', zone: zone.value, grain: 'HOUR' as const });
  const query = useQuery(SloBurn, variables);
  const drawn = query.data?.slo && burnOf(query.data.slo, windowMs, bounds.value);
  const over = toShortDuration(windowMs < HOUR_MS ? 'PT1H' : rule.window);
  return (
    <QueryPanel
      title="What it measures"
      subtitle={`The burn rate of ${rule.sloId} over ${over} each. It fires while that of a twelfth of the window is high, too.`}
      query={query}
      isEmpty={() => !drawn || drawn.times.length === 0}
      empty={{ text: 'The SLO has no events in this range.' }}
      table={drawn ? tableOf(drawn, 'number') : undefined}
    >
      {() => drawn && <RulePlot title="Burn rate" drawn={drawn} rule={rule} firings={firings} />}
    </QueryPanel>
  );
}

type Slo = NonNullable<SloBurnQuery['slo']>;

/** The share of bad events in each window, by what the objective allows. */
function burnOf(
  { objective, status }: Slo,
  windowMs: number,
  range: { from: number; to: number },
): ChartData {
  const length = Math.max(Math.round(windowMs / HOUR_MS), 1);
  const points = status.series.map(({ end }, at) => {
    const window = status.series.slice(Math.max(at - length + 1, 0), at + 1);
    const events = window.reduce((sum, point) => sum + point.events, 0);
    const bad = window.reduce((sum, point) => sum + point.bad, 0);
    return { time: Date.parse(end), value: events === 0 ? null : bad / events / (1 - objective) };
  });
  // The last hour is not over.
  const shown = points.filter(({ time }) => time >= range.from && time <= range.to + HOUR_MS);
  return {
    times: shown.map(({ time }) => Math.min(time, range.to)),
    series: [{ key: 'burn rate', label: 'burn rate', values: shown.map(({ value }) => value) }],
  };
}
