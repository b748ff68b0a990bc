import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { DatasetName } from '../../generated/graphql.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Grid } from '../../parts/grid.tsx';
import { Stat } from '../../parts/stat.tsx';
import { TimeChart } from '../../parts/time-chart.tsx';
import { bounds, zone, zoom } from '../../state/view.ts';
import { chartOfPoints, columnsOfRows, readRows } from './flat.ts';
import { HeatmapOf } from './heatmap-of.tsx';
import { unitOf } from './measure-unit.ts';
import { QueryPanel } from './query-panel.tsx';

/** A panel of a board: a question with the way to show its answer. */
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

const PanelTable = graphql(`
  query PanelTable(
    $dataset: DatasetName!
    $from: Float!
    $to: Float!
    $measures: [String!]!
    $groupBy: [String!]!
    $filter: JSON
    $orderBy: String
    $top: Int
  ) {
    table(
      dataset: $dataset, from: $from, to: $to, measures: $measures, groupBy: $groupBy, filter: $filter
      orderBy: $orderBy, top: $top
    )
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

/** Answers the question of a panel, by the range of the page. A panel that changes needs another `key`. */
export function BoardPanel({ panel }: { panel: PanelQuestion }) {
  const { kind, dataset, measures, filter } = panel;
  if (kind === 'HEATMAP')
    return <HeatmapOf title={panel.title} {...{ dataset, filter }} measure={measures[0] ?? ''} />;
  return kind === 'TIMESERIES' ? <Series panel={panel} /> : <Rows panel={panel} />;
}

function Series({ panel }: { panel: PanelQuestion }) {
  const variables = () => ({ ...variablesOf(panel), zone: zone.value });
  const query = useQuery(PanelSeries, variables, { everyMs: 30_000 });
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
              onZoom={zoom}
              group="board"
            />
          );
        })
      }
    </QueryPanel>
  );
}

function Rows({ panel }: { panel: PanelQuestion }) {
  const query = useQuery(PanelTable, () => variablesOf(panel), { everyMs: 30_000 });
  const columns = columnsOfRows(panel.groupBy, panel.measures);
  return (
    <QueryPanel
      title={panel.title}
      query={query}
      isEmpty={({ table }) => table.length === 0}
      empty={{ text: 'No event matches in this range.' }}
      table={query.data && { columns, rows: readRows(query.data.table) }}
      flush={panel.kind === 'TABLE'}
    >
      {({ table }) => {
        const rows = readRows(table);
        if (panel.kind === 'TABLE') {
          return (
            <DataTable
              caption={panel.title}
              dense
              rows={rows.map((row, index) => ({ ...row, place: index }))}
              keyOf={({ place }) => String(place)}
              columns={columns.map(({ key, title, unit }) => ({
                key,
                title,
                sortable: true,
                ...(unit && { unit }),
                value: (row: Record<string, string | number | null>) => row[key],
              }))}
            />
          );
        }
        return (
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
        );
      }}
    </QueryPanel>
  );
}
