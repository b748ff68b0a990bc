import { graphql } from '../../data/graphql.ts';
import { useLiveRefresh } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import type { CommitActivityPageQuery, CommitsQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Stat } from '../../parts/stat.tsx';
import { linkToOne, param } from '../../state/location.ts';
import { bounds, range, zone } from '../../state/view.ts';
import { ChartPanel } from '../shared/chart-panel.tsx';
import { numberColumn, textColumn, timeColumn } from '../shared/columns.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { FilterBar } from '../shared/filter-bar.tsx';
import { linesOf } from '../shared/lines.ts';
import { TablePanel } from '../shared/table-panel.tsx';

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

type Committer = CommitActivityPageQuery['commitActivity']['byAgent'][number];

const BY_AGENT: readonly Column<Committer>[] = [
  textColumn('agent', 'Agent', ({ agentId }) => agentId ?? 'people'),
  numberColumn('commits', 'Commits', 'count', ({ commits }) => commits, { sortable: true }),
  numberColumn('added', 'Added', 'count', ({ linesAdded }) => linesAdded, { sortable: true }),
  numberColumn('deleted', 'Deleted', 'count', (row) => row.linesDeleted, { sortable: true }),
];

/** Commits: how many, by whom, and the newest. */
export function Page() {
  const variables = () => ({ range: range.value, zone: zone.value, repository: param('repository').value });
  const query = useQuery(Activity, variables, { everyMs: 60_000 });
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
          title="Commits per day"
          query={query}
          unit="count"
          kind="bars"
          group="commits"
          chart={({ commitActivity }) =>
            linesOf(commitActivity.byDay, [{ key: 'commits', read: ({ commits }) => commits }])
          }
        />
        <TablePanel
          title="By agent"
          caption="Commits by agent"
          query={query}
          empty={{ text: 'No commits in this range.' }}
          rowsOf={({ commitActivity }) => commitActivity.byAgent}
          keyOf={({ agentId }) => agentId ?? ''}
          columns={BY_AGENT}
          dense
        />
      </Grid>
      <Newest />
    </>
  );
}

type Commit = CommitsQuery['gitCommits']['nodes'][number];

const NEWEST: readonly Column<Commit>[] = [
  timeColumn('time', 'Time', (row) => row.timestamp, { show: 'short' }),
  textColumn('hash', 'Commit', ({ shortHash }) => shortHash),
  textColumn('message', 'Message', ({ message }) => message, { width: '34%' }),
  textColumn('repository', 'Repository', (row) => row.repository, { width: '16%', hideBelow: 'medium' }),
  textColumn('branch', 'Branch', ({ branch }) => branch, { width: '20%', hideBelow: 'medium' }),
  {
    key: 'who',
    title: 'By',
    value: ({ agentId, authorName }) => agentId ?? authorName,
    cell: ({ agentId, authorName }) =>
      agentId ? <a href={linkToOne('/agents', agentId)}>{agentId}</a> : authorName,
    hideBelow: 'narrow',
  },
  numberColumn('added', 'Added', 'count', ({ linesAdded }) => linesAdded, { hideBelow: 'narrow' }),
  numberColumn('deleted', 'Deleted', 'count', ({ linesDeleted }) => linesDeleted, {
    hideBelow: 'narrow',
  }),
];

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
  useLiveRefresh(query, NewCommits, () => ({}));
  return (
    <TablePanel
      title="Newest"
      caption="Newest commits"
      query={query}
      empty={{ text: 'No commits in this range.' }}
      rowsOf={({ gitCommits }) => gitCommits.nodes}
      pageInfoOf={({ gitCommits }) => gitCommits.pageInfo}
      keyOf={({ id }) => id}
      columns={NEWEST}
      dense
    />
  );
}
