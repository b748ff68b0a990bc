import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { DatasetName } from '../../generated/graphql.ts';
import { Grid } from '../../parts/grid.tsx';
import { Stat } from '../../parts/stat.tsx';
import { TimeChart } from '../../parts/time-chart.tsx';
import { bounds, zone, zoom } from '../../state/view.ts';
import { chartOfPoints, columnsOfRows, readRows } from './flat.ts';
import { FlatRows, FlatTable } from './flat-table.tsx';
import { HeatmapOf } from './heatmap-of.tsx';
import type { Marker } from './markers.ts';
import { unitOf } from './measure-unit.ts';
import { QueryPanel } from './query-panel.tsx';

/** A panel of a board: a question, and how to show its answer. */
export interface PanelQuestion {
  readonly title: string;
  readonly kind: 'TIMESERIES' | 'TABLE' | 'STAT' | 'HEATMAP';
  readonly dataset: DatasetName;
  readonly measures: readonly string[];
  readonly groupBy: readonly string[];
  readonly filter?: unknown;
  readonly orderBy?: string | null;
  readonly top?: number | null;
}

const PanelSeries = graphql(`
  query PanelSeries(
    $dataset: DatasetName!
    $from: Float!
    $to: Float!
    $measures: [String!]!
    $groupBy: [String!]!
    $filter: JSON
    $orderBy: String
    $top: Int
    $zone: TimeZone!
  ) {
    timeseries(
      dataset: $dataset, from: $from, to: $to, measures: $measures, groupBy: $groupBy, filter: $filter
      orderBy: $orderBy, top: $top, timeZone: $zone
    ) {
      time series measure value
    }
  }
`);

function variablesOf({ dataset, measures, groupBy, filter, orderBy, top }: PanelQuestion) {
  const { from, to } = bounds.value;
  return {
    ...{ dataset, from, to, filter, orderBy },
    // Null would not mean the default.
    ...(top && { top }),
    measures: [...measures],
    groupBy: [...groupBy],
  };
}

interface BoardPanelProps {
  readonly panel: PanelQuestion;
  /**
   * Drawn on charts over time. A panel for another site has none: its token reads only its rows.
   */
  readonly markers?: readonly Marker[];
}

/**
 * Answers the question of a panel over the range of the page. A panel that changes needs another
 * `key`.
 */
export function BoardPanel({ panel, markers }: BoardPanelProps) {
  const { kind, dataset, measures, filter } = panel;
  if (kind === 'HEATMAP')
    return <HeatmapOf title={panel.title} {...{ dataset, filter }} measure={measures[0] ?? ''} />;
  if (kind === 'TIMESERIES') return <Series panel={panel} markers={markers} />;
  return kind === 'TABLE' ? <Table panel={panel} /> : <Figures panel={panel} />;
}

function Series({ panel, markers }: BoardPanelProps) {
  const query = useQuery(PanelSeries, () => ({ ...variablesOf(panel), zone: zone.value }), {
    everyMs: 30_000,
  });
  return (
    <QueryPanel
      title={panel.title}
      query={query}
      isEmpty={({ timeseries }) => timeseries.length === 0}
      empty={{ text: 'No event matches in this range.' }}
    >
      {({ timeseries }) =>
        panel.measures.map((measure) => {
          const { times, series } = chartOfPoints(timeseries, measure);
          return (
            <TimeChart
              key={measure}
              title={`${panel.title}: ${measure}`}
              times={times}
              series={series}
              unit={unitOf(measure)}
              zone={zone.value}
              markers={markers}
              onZoom={zoom}
              group="board"
            />
          );
        })
      }
    </QueryPanel>
  );
}

function Table({ panel }: { panel: PanelQuestion }) {
  const query = useQuery(FlatRows, () => variablesOf(panel), { everyMs: 30_000 });
  return <FlatTable title={panel.title} query={query} groupBy={panel.groupBy} measures={panel.measures} />;
}

function Figures({ panel }: { panel: PanelQuestion }) {
  const query = useQuery(FlatRows, () => variablesOf(panel), { everyMs: 30_000 });
  const rows = readRows(query.data?.table ?? []);
  return (
    <QueryPanel
      title={panel.title}
      query={query}
      isEmpty={({ table }) => table.length === 0}
      empty={{ text: 'No event matches in this range.' }}
      table={query.data && { columns: columnsOfRows(panel.groupBy, panel.measures), rows }}
    >
      {() => (
        <Grid min={120} gap="tight">
          {panel.measures.map((measure) => (
            <Stat
              key={measure}
              title={measure}
              value={Number(rows[0]?.[measure] ?? Number.NaN)}
              unit={unitOf(measure)}
            />
          ))}
        </Grid>
      )}
    </QueryPanel>
  );
}
