import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { OneSessionQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Stat } from '../../parts/stat.tsx';
import { Time } from '../../parts/time.tsx';
import { Waterfall } from '../../parts/waterfall.tsx';
import { zone } from '../../state/view.ts';
import { numberColumn, textColumn } from '../shared/columns.tsx';
import { Missing } from '../shared/missing.tsx';
import type { PageProps } from '../shared/page-props.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const OneSession = graphql(`
  query OneSession($sessionId: String!) {
    session(sessionId: $sessionId) {
      id sessionId agentIds service repository branch startedAt durationMs activeSeconds cost totalTokens
      llmCallCount toolCallCount errorCount commits linesAdded linesRemoved
      tools { tool mcpServer calls failed rejected durationMs }
      llmCalls(first: 60) { nodes { id timestamp provider model latencyMs success } }
      toolCalls(first: 60) { nodes { id timestamp tool success durationMs } }
      errorLogs(first: 20) { nodes { id timestamp errorType errorMessage } }
    }
  }
`);

type Tool = NonNullable<OneSessionQuery['session']>['tools'][number];

const TOOLS: readonly Column<Tool>[] = [
  textColumn('tool', 'Tool', ({ tool }) => tool),
  numberColumn('calls', 'Calls', 'count', ({ calls }) => calls, { sortable: true }),
  numberColumn('failed', 'Failed', 'count', ({ failed }) => failed, { sortable: true }),
  numberColumn('rejected', 'Rejected', 'count', ({ rejected }) => rejected),
  numberColumn('time', 'Time', 'ms', ({ durationMs }) => durationMs, { sortable: true }),
];

/** One session: its figures and its timeline. */
export function Page({ params }: PageProps) {
  const query = useQuery(OneSession, () => ({ sessionId: params['id'] ?? '' }), { everyMs: 15_000 });
  const session = query.data?.session;
  if (query.state === 'ready' && !session) {
    return <Missing title="There is no such session" list="/sessions" listName="All sessions" />;
  }
  return (
    <>
      <PageHead
        title={session?.agentIds.join(', ') || 'Session'}
        subtitle={
          session && (
            <>
              {session.repository && `${session.repository} `}
              {session.branch && `on ${session.branch} `}
              {(session.repository || session.branch) && '· '}
              <Time at={session.startedAt} zone={zone.value} show="long" />
            </>
          )
        }
      />
      <Grid min={176} gap="tight">
        <Stat title="Cost" value={session?.cost} unit="usd" />
        <Stat title="Length" value={session?.durationMs} unit="ms" />
        <Stat title="Active" value={session?.activeSeconds} unit="seconds" />
        <Stat title="Model calls" value={session?.llmCallCount} unit="count" />
        <Stat title="Tokens" value={session?.totalTokens} unit="tokens" />
        <Stat title="Tool calls" value={session?.toolCallCount} unit="count" />
        <Stat title="Errors" value={session?.errorCount} unit="count" />
        <Stat title="Commits" value={session?.commits} unit="count" />
        <Stat title="Lines added" value={session?.linesAdded} unit="count" />
      </Grid>
      <QueryPanel
        query={query}
        title="Timeline of the newest calls"
        isEmpty={({ session: found }) => found === null || found === undefined || rowsOf(found).length === 0}
        empty={{ title: 'No calls' }}
      >
        {({ session: found }) => {
          const rows = found ? rowsOf(found) : [];
          return (
            <Waterfall
              rows={rows}
              from={Math.min(...rows.map(({ start }) => start))}
              to={Math.max(...rows.map(({ start, durationMs }) => start + (durationMs ?? 0)))}
              zone={zone.value}
            />
          );
        }}
      </QueryPanel>
      <TablePanel
        title="Tools"
        caption="Tools of the session"
        query={query}
        empty={{ title: 'No tool calls' }}
        rowsOf={({ session: found }) => found?.tools ?? []}
        keyOf={({ tool, mcpServer }) => `${mcpServer} ${tool}`}
        columns={TOOLS}
        dense
      />
    </>
  );
}

type Optional = number | null | undefined;

interface Calls {
  readonly llmCalls: {
    readonly nodes: readonly {
      id: string;
      timestamp: string;
      model: string;
      latencyMs?: Optional;
      success: boolean;
    }[];
  };
  readonly toolCalls: {
    readonly nodes: readonly {
      id: string;
      timestamp: string;
      tool: string;
      durationMs?: Optional;
      success: boolean;
    }[];
  };
}

function rowsOf({ llmCalls, toolCalls }: Calls) {
  const calls = llmCalls.nodes.map(({ id, timestamp, model, latencyMs, success }) => ({
    key: id,
    label: model,
    start: Date.parse(timestamp),
    durationMs: latencyMs ?? null,
    tone: success ? ('accent' as const) : ('bad' as const),
  }));
  const tools = toolCalls.nodes.map(({ id, timestamp, tool, durationMs, success }) => ({
    key: id,
    label: tool,
    start: Date.parse(timestamp),
    durationMs: durationMs ?? null,
    tone: success ? ('info' as const) : ('bad' as const),
  }));
  return [...calls, ...tools].sort((a, b) => a.start - b.start);
}
