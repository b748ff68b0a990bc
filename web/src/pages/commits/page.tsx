import { graphql } from '../../data/graphql.ts';
import { useLive } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Stat } from '../../parts/stat.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo, param } from '../../state/location.ts';
import { bounds, range, zone } from '../../state/view.ts';
import { ChartPanel } from '../shared/chart-panel.tsx';
import { ListPager, pageArguments } from '../shared/cursors.tsx';
import { FilterBar } from '../shared/filter-bar.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';

const Activity = graphql(`
  query CommitActivityPage($range: TimeRangeInput!, $zone: TimeZone!, $repository: String) {
    commitActivity(range: $range, timeZone: $zone, repository: $repository) {
      commits linesAdded linesDeleted filesChanged
      byDay { start commits }
      byAgent(first: 20) { agentId commits linesAdded linesDeleted }
    }
  }
`);

const Commits = graphql(`
  query Commits($first: Int, $after: String, $last: Int, $before: String, $filter: GitCommitFilter) {
    gitCommits(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      nodes { id shortHash timestamp message repository branch authorName agentId linesAdded linesDeleted }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

const NewCommits = graphql(`
  subscription NewCommits {
    gitCommitRecorded { id }
  }
`);

/** Commits: how many, by whom, and the newest. */
export function Page() {
  const variables = () => ({ range: range.value, zone: zone.value, repository: param('repository').value });
  const query = useQuery(Activity, variables, { everyMs: 60_000 });
  const shared = { query, document: Activity, variables: variables() };
  const activity = query.data?.commitActivity;
  return (
    <>
      <PageHead title="Commits" subtitle="How many, by whom, and the newest" />
      <FilterBar fields={[{ name: 'repository', label: 'Repository' }]} />
      <Grid min={140} gap="tight">
        <Stat title="Commits" value={activity?.commits} unit="count" />
        <Stat title="Lines added" value={activity?.linesAdded} unit="count" />
        <Stat title="Lines deleted" value={activity?.linesDeleted} unit="count" />
        <Stat title="Files changed" value={activity?.filesChanged} unit="count" />
      </Grid>
      <Grid min={380}>
        <ChartPanel
          {...shared}
          title="Commits a day"
          unit="count"
          kind="bars"
          group="commits"
          chart={({ commitActivity: { byDay } }) => ({
            times: byDay.map(({ start }) => Date.parse(start)),
            series: [{ key: 'commits', label: 'commits', values: byDay.map(({ commits }) => commits) }],
          })}
        />
        <QueryPanel
          {...shared}
          title="By agent"
          isEmpty={({ commitActivity }) => commitActivity.byAgent.length === 0}
          empty={{ text: 'No commit in this range.' }}
          flush
        >
          {({ commitActivity }) => (
            <DataTable
              caption="Commits by agent"
              dense
              rows={commitActivity.byAgent}
              keyOf={({ agentId }) => agentId ?? ''}
              columns={[
                { key: 'agent', title: 'Agent', value: ({ agentId }) => agentId ?? 'people' },
                {
                  key: 'commits',
                  title: 'Commits',
                  unit: 'count',
                  value: ({ commits }) => commits,
                  sortable: true,
                },
                {
                  key: 'added',
                  title: 'Added',
                  unit: 'count',
                  value: ({ linesAdded }) => linesAdded,
                  sortable: true,
                },
                {
                  key: 'deleted',
                  title: 'Deleted',
                  unit: 'count',
                  value: (row) => row.linesDeleted,
                  sortable: true,
                },
              ]}
            />
          )}
        </QueryPanel>
      </Grid>
      <Newest />
    </>
  );
}

function Newest() {
  const variables = () => {
    const { from, to } = bounds.value;
    const repository = param('repository').value;
    const iso = (ms: number) => new Date(ms).toISOString();
    return {
      ...pageArguments(25),
      filter: {
        timestamp: { gte: iso(from), lt: iso(to) },
        ...(repository && { repository: { eq: repository } }),
      },
    };
  };
  const query = useQuery(Commits, variables, { everyMs: 60_000 });
  useLive(NewCommits, () => ({}), { onEvent: query.refreshSoon, onResumed: query.refreshSoon });
  return (
    <QueryPanel
      title="Newest"
      query={query}
      document={Commits}
      variables={variables()}
      isEmpty={({ gitCommits }) => gitCommits.nodes.length === 0}
      empty={{ text: 'No commit in this range.' }}
      footer={query.data && <ListPager pageInfo={query.data.gitCommits.pageInfo} />}
      flush
    >
      {({ gitCommits }) => (
        <DataTable
          caption="Newest commits"
          dense
          rows={gitCommits.nodes}
          keyOf={({ id }) => id}
          columns={[
            {
              key: 'time',
              title: 'Time',
              cell: (row) => <Time at={row.timestamp} zone={zone.value} show="short" />,
              value: (row) => row.timestamp,
            },
            { key: 'hash', title: 'Commit', value: ({ shortHash }) => shortHash },
            { key: 'message', title: 'Message', value: ({ message }) => message },
            { key: 'repository', title: 'Repository', value: (row) => row.repository, hideBelow: 'medium' },
            { key: 'branch', title: 'Branch', value: ({ branch }) => branch, hideBelow: 'medium' },
            {
              key: 'who',
              title: 'By',
              value: ({ agentId, authorName }) => agentId ?? authorName,
              cell: ({ agentId, authorName }) =>
                agentId ? (
                  <a href={linkTo(`/agents/${encodeURIComponent(agentId)}`)}>{agentId}</a>
                ) : (
                  authorName
                ),
              hideBelow: 'narrow',
            },
            { key: 'added', title: 'Added', unit: 'count', value: ({ linesAdded }) => linesAdded },
            { key: 'deleted', title: 'Deleted', unit: 'count', value: ({ linesDeleted }) => linesDeleted },
          ]}
        />
      )}
    </QueryPanel>
  );
}
