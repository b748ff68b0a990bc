import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { BarList } from '../../parts/bar-list.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo } from '../../state/location.ts';
import { range, zone } from '../../state/view.ts';
import { ChartPanel } from '../shared/chart-panel.tsx';
import { ListPager, pageArguments } from '../shared/cursors.tsx';
import { useMarkers } from '../shared/markers.ts';
import type { PageProps } from '../shared/page-props.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { chartOf } from '../shared/series.ts';

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

/** One problem: its trend, where it happens, an example and the requests that it broke. */
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
          unit="count"
          kind="bars"
          query={problem}
          document={OneProblem}
          variables={ofProblem()}
          markers={useMarkers()}
          group="error"
          chart={({ errorLogAnalytics }) =>
            chartOf(
              errorLogAnalytics.series,
              ({ count }) => count,
              () => 'errors',
            )
          }
        />
        <QueryPanel
          title="Where"
          query={problem}
          document={OneProblem}
          variables={ofProblem()}
          isEmpty={({ errorLogAnalytics }) => errorLogAnalytics.services.length === 0}
        >
          {({ errorLogAnalytics }) => (
            <BarList
              unit="count"
              items={errorLogAnalytics.services.map(({ dimensions, stats }) => ({
                key: dimensions.service ?? '',
                label: dimensions.service ?? '',
                value: stats.count,
                href: linkTo('/services/one', { service: dimensions.service ?? '' }),
              }))}
            />
          )}
        </QueryPanel>
      </Grid>
      {newest?.stackTrace && (
        <Panel title="The newest one's stack trace">
          <pre class="mono">{newest.stackTrace}</pre>
        </Panel>
      )}
      <QueryPanel
        title="Errors"
        query={errors}
        document={ItsErrors}
        variables={ofErrors()}
        isEmpty={({ errorLogs }) => errorLogs.nodes.length === 0}
        footer={errors.data && <ListPager pageInfo={errors.data.errorLogs.pageInfo} />}
        flush
      >
        {({ errorLogs }) => (
          <DataTable
            caption="Errors"
            dense
            rows={errorLogs.nodes}
            keyOf={({ id }) => id}
            hrefOf={({ requestLog }) =>
              requestLog ? linkTo(`/requests/${encodeURIComponent(requestLog.id)}`) : undefined
            }
            columns={[
              {
                key: 'time',
                title: 'Time',
                cell: (row) => <Time at={row.timestamp} zone={zone.value} show="short" />,
                value: (row) => row.timestamp,
              },
              { key: 'service', title: 'Service', value: ({ service }) => service },
              { key: 'message', title: 'Message', value: ({ errorMessage }) => errorMessage },
              {
                key: 'request',
                title: 'Request',
                value: ({ requestLog }) => requestLog && `${requestLog.method ?? ''} ${requestLog.endpoint}`,
                hideBelow: 'narrow',
              },
            ]}
          />
        )}
      </QueryPanel>
    </>
  );
}
