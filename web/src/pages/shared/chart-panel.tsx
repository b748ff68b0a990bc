import type { Query } from '../../data/use-query.ts';
import type { Unit } from '../../format/value.ts';
import { TimeChart } from '../../parts/time-chart.tsx';
import { zone, zoom } from '../../state/view.ts';
import type { Marker } from './markers.ts';
import { QueryPanel } from './query-panel.tsx';
import { type ChartData, tableOf } from './series.ts';

export interface ChartPanelProps<Result> {
  readonly title: string;
  readonly subtitle?: string;
  readonly unit: Unit;
  readonly kind?: 'line' | 'area' | 'bars' | 'stacked';
  readonly query: Query<Result>;
  readonly chart: (data: Result) => ChartData;
  readonly markers?: readonly Marker[];
  readonly thresholds?: Parameters<typeof TimeChart>[0]['thresholds'];
  /** Charts of one group show the same instant. */
  readonly group: string;
  /** Shown if there is no data. */
  readonly nothing?: string;
  readonly wide?: boolean;
  /** The height of the chart in pixels. */
  readonly height?: number;
}

/**
 * A chart over time from one question, with its table, its downloads and its question in GraphiQL.
 */
export function ChartPanel<Result>(props: ChartPanelProps<Result>) {
  const { title, unit, kind, query, chart, markers, thresholds, group, nothing, height, ...rest } = props;
  const drawn = query.data === undefined ? null : chart(query.data);
  return (
    <QueryPanel
      {...rest}
      title={title}
      query={query}
      height={height}
      isEmpty={() => drawn === null || drawn.times.length === 0}
      empty={{ text: nothing ?? 'Nothing was recorded in this range.' }}
      table={drawn === null ? undefined : tableOf(drawn, unit)}
    >
      {() =>
        drawn === null ? null : (
          <TimeChart
            title={title}
            times={drawn.times}
            series={drawn.series}
            unit={unit}
            kind={kind}
            zone={zone.value}
            markers={markers}
            thresholds={thresholds}
            onZoom={zoom}
            group={group}
            height={height}
          />
        )
      }
    </QueryPanel>
  );
}
