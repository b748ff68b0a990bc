import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { AgentToolsQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { range } from '../../state/view.ts';
import { numberColumn, textColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const ToolsQuery = graphql(`
  query AgentTools($range: TimeRangeInput!) {
    toolCallAnalytics(range: $range) {
      groups(first: 50, orderBy: { field: COUNT, aggregate: SUM, direction: DESC }) {
        dimensions { tool mcpServer }
        stats { count errorRate durationMs { p50 p95 } }
      }
    }
  }
`);

type Tool = AgentToolsQuery['toolCallAnalytics']['groups'][number];

const COLUMNS: readonly Column<Tool>[] = [
  textColumn('tool', 'Tool', ({ dimensions }) => dimensions.tool),
  textColumn('mcp', 'MCP server', ({ dimensions }) => dimensions.mcpServer, { hideBelow: 'narrow' }),
  numberColumn('count', 'Calls', 'count', ({ stats }) => stats.count, { sortable: true }),
  numberColumn('failed', 'Failed', 'ratio', ({ stats }) => stats.errorRate, { sortable: true }),
  numberColumn('p95', 'p95', 'ms', ({ stats }) => stats.durationMs.p95, { sortable: true }),
];

/** The tools that agents call, and the outcomes. */
export function Tools() {
  const query = useQuery(ToolsQuery, () => ({ range: range.value }), { everyMs: 60_000 });
  return (
    <TablePanel
      title="Tools"
      caption="Tools of agents"
      query={query}
      empty={{ text: 'No tool calls in this range.' }}
      rowsOf={({ toolCallAnalytics }) => toolCallAnalytics.groups}
      keyOf={({ dimensions }) => `${dimensions.mcpServer} ${dimensions.tool}`}
      columns={COLUMNS}
      dense
    />
  );
}
