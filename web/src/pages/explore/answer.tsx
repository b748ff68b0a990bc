import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { ExploreSeriesQuery } from '../../generated/graphql.ts';
import { bounds, zone } from '../../state/view.ts';
import { ChartPanel } from '../shared/chart-panel.tsx';
import { filterOf } from '../shared/conditions.ts';
import { chartOfPoints } from '../shared/flat.ts';
import { FlatRows, FlatTable } from '../shared/flat-table.tsx';
import { useMarkers } from '../shared/markers.ts';
import { unitOf } from '../shared/measure-unit.ts';
import type { ChartData } from '../shared/series.ts';
import { question } from './question.ts';

const ExploreSeries = graphql(`
  query ExploreSeries(
    $dataset: DatasetName!
    $from: Float!
    $to: Float!
    $fromBefore: Float!
    $compare: Boolean!
    $measures: [String!]!
    $groupBy: [String!]!
    $filter: JSON
    $top: Int!
    $zone: TimeZone!
    $intervalMs: Float
  ) {
    timeseries(
      dataset: $dataset, from: $from, to: $to, measures: $measures, groupBy: $groupBy, filter: $filter, top: $top
      timeZone: $zone, intervalMs: $intervalMs
    ) {
      time series measure value
    }
    before: timeseries(
      dataset: $dataset, from: $fromBefore, to: $from, measures: $measures, filter: $filter, timeZone: $zone
      intervalMs: $intervalMs
    ) @include(if: $compare) {
      time series measure value
    }
  }
`);

function seriesVariables() {
  const { dataset, measures, groupBy, where, top, compare, intervalMs } = question();
  const { from, to } = bounds.value;
  return {
    ...{ dataset, from, to, top, compare, intervalMs },
    fromBefore: from - (to - from),
    measures: [...measures],
    groupBy: [...groupBy],
    filter: filterOf(where),
    zone: zone.value,
  };
}

/** How many groups the table shows. */
const ROWS = 200;

function tableVariables() {
  const { dataset, measures, groupBy, filter, from, to } = seriesVariables();
  return { dataset, measures, groupBy, filter, from, to, top: ROWS };
}

/** The answer to the question: a chart for each number, and a table of the groups. */
export function Answer() {
  const series = useQuery(ExploreSeries, seriesVariables, { everyMs: 30_000 });
  const table = useQuery(FlatRows, tableVariables, { everyMs: 60_000 });
  const markers = useMarkers();
  const { measures, groupBy, dataset, compare } = question();
  return (
    <>
      {measures.map((measure) => (
        <ChartPanel
          title={`${measure} of ${dataset}`}
          query={series}
          key={measure}
          unit={unitOf(measure)}
          kind={isSum(measure) && !compare ? 'stacked' : 'line'}
          markers={markers}
          group="explore"
          chart={(data) => chartOfMeasure(data, measure)}
        />
      ))}
      <FlatTable title="Table" caption="Answer" query={table} groupBy={groupBy} measures={measures} />
    </>
  );
}

/** Whether the series of a number add up. They do not if compared with the previous range. */
const isSum = (measure: string) => !measure.includes('.') && !measure.endsWith('Rate');

/** The series of a number. The previous range is aligned with this one, point by point. */
function chartOfMeasure({ timeseries, before }: ExploreSeriesQuery, measure: string): ChartData {
  const { times, series } = chartOfPoints(timeseries, measure);
  const earlier = before?.filter((point) => point.measure === measure) ?? [];
  if (earlier.length === 0) return { times, series };
  const line = times.map((_, at) => earlier[at]?.value ?? null);
  return {
    times,
    series: [...series, { key: 'before', label: 'previous range', values: line, style: 'dashed' }],
  };
}
