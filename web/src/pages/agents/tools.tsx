import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { range } from '../../state/view.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

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

/** The tools that agents call, and how that ends. */
export function Tools() {
  const variables = () => ({ range: range.value });
  const query = useQuery(ToolsQuery, variables, { everyMs: 60_000 });
  return (
    <QueryPanel
      title="Tools"
      query={query}
      document={ToolsQuery}
      variables={variables()}
      isEmpty={({ toolCallAnalytics }) => toolCallAnalytics.groups.length === 0}
      empty={{ text: 'No tool was called in this range.' }}
      flush
    >
      {({ toolCallAnalytics }) => (
        <DataTable
          caption="Tools of agents"
          dense
          rows={toolCallAnalytics.groups}
          keyOf={({ dimensions }) => `${dimensions.mcpServer} ${dimensions.tool}`}
          columns={[
            { key: 'tool', title: 'Tool', value: ({ dimensions }) => dimensions.tool },
            {
              key: 'mcp',
              title: 'MCP server',
              value: ({ dimensions }) => dimensions.mcpServer,
              hideBelow: 'narrow',
            },
            {
              key: 'count',
              title: 'Calls',
              unit: 'count',
              value: ({ stats }) => stats.count,
              sortable: true,
            },
            {
              key: 'failed',
              title: 'Failed',
              unit: 'ratio',
              value: ({ stats }) => stats.errorRate,
              sortable: true,
            },
            {
              key: 'p95',
              title: 'p95',
              unit: 'ms',
              value: ({ stats }) => stats.durationMs.p95,
              sortable: true,
            },
          ]}
        />
      )}
    </QueryPanel>
  );
}
