import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { ErrorsOfProblemQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Panel } from '../../parts/panel.tsx';
import { linkTo, linkToOne } from '../../state/location.ts';
import { range, zone } from '../../state/view.ts';
import { BarPanel } from '../shared/bar-panel.tsx';
import { ChartPanel } from '../shared/chart-panel.tsx';
import { textColumn, timeColumn } from '../shared/columns.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { useMarkers } from '../shared/markers.ts';
import type { PageProps } from '../shared/page-props.ts';
import { chartOf } from '../shared/series.ts';
import { TablePanel } from '../shared/table-panel.tsx';

const OneProblem = graphql(`
  query OneProblem($range: TimeRangeInput!, $zone: TimeZone!, $fingerprint: String!) {
    errorLogAnalytics(range: $range, filter: { fingerprint: { eq: $fingerprint } }) {
      totals { count }
      series(timeZone: $zone) { points { start stats { count } } }
      services: groups(first: 10, orderBy: { field: COUNT, aggregate: SUM, direction: DESC }) {
        dimensions { service }
        stats { count }
      }
    }
  }
`);

const ItsErrors = graphql(`
  query ErrorsOfProblem($first: Int, $after: String, $last: Int, $before: String, $fingerprint: String!) {
    errorLogs(first: $first, after: $after, last: $last, before: $before, filter: { fingerprint: { eq: $fingerprint } }) {
      nodes {
        id timestamp errorType errorMessage severity service environment stackTrace
        requestLog { id endpoint method statusCode }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

type OneError = ErrorsOfProblemQuery['errorLogs']['nodes'][number];

const COLUMNS: readonly Column<OneError>[] = [
  timeColumn('time', 'Time', (row) => row.timestamp, { show: 'exact' }),
  textColumn('service', 'Service', ({ service }) => service, { hideBelow: 'narrow' }),
  textColumn('message', 'Message', ({ errorMessage }) => errorMessage, { width: '45%' }),
  textColumn(
    'request',
    'Request',
    ({ requestLog }) => requestLog && `${requestLog.method ?? ''} ${requestLog.endpoint}`,
    { hideBelow: 'narrow' },
  ),
];

/** One problem: its trend, where it happens, an example and the affected requests. */
export function Page({ params }: PageProps) {
  const fingerprint = params['fingerprint'] ?? '';
  const ofProblem = () => ({ range: range.value, zone: zone.value, fingerprint });
  const problem = useQuery(OneProblem, ofProblem, { everyMs: 30_000 });
  const ofErrors = () => ({ ...pageArguments(20), fingerprint });
  const errors = useQuery(ItsErrors, ofErrors, { everyMs: 30_000 });
  const [newest] = errors.data?.errorLogs.nodes ?? [];
  return (
    <>
      <PageHead
        title={newest?.errorType ?? 'Problem'}
        subtitle={
          <>
            {newest?.errorMessage} · <a href={linkTo('/errors')}>All errors</a>
          </>
        }
      />
      <Grid min={340}>
        <ChartPanel
          title="Errors over time"
          query={problem}
          unit="count"
          kind="bars"
          markers={useMarkers()}
          group="error"
          chart={({ errorLogAnalytics }) => chartOf(errorLogAnalytics.series, ({ count }) => count, 'errors')}
        />
        <BarPanel
          title="By service"
          query={problem}
          unit="count"
          barsOf={({ errorLogAnalytics }) =>
            errorLogAnalytics.services.map(({ dimensions: { service }, stats }) => ({
              name: service ?? '',
              value: stats.count,
              href: linkTo('/services/one', { service: service ?? '' }),
            }))
          }
        />
      </Grid>
      {newest?.stackTrace && (
        <Panel title="Stack trace of the newest error">
          <pre class="mono">{newest.stackTrace}</pre>
        </Panel>
      )}
      <TablePanel
        title="Errors"
        query={errors}
        rowsOf={({ errorLogs }) => errorLogs.nodes}
        pageInfoOf={({ errorLogs }) => errorLogs.pageInfo}
        keyOf={({ id }) => id}
        hrefOf={({ requestLog }) => (requestLog ? linkToOne('/requests', requestLog.id) : undefined)}
        columns={COLUMNS}
        dense
      />
    </>
  );
}
