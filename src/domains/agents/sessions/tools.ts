import { sql } from 'kysely';
import { isOneOf } from '../../../core/build-filter.ts';
import { compareText } from '../../../core/compare-text.ts';
import { type GroupTotals, readGroups } from '../../../core/dataset/group-totals.ts';
import { columnOf } from '../../../core/dataset/table.ts';
import { sessions } from '../../../declarations/agents/sessions.ts';
import { toolCalls } from '../../../declarations/agents/tool-calls.ts';
import type { Context } from '../../../graphql/context.ts';
import { addStateField } from '../../../graphql/entities/entity.ts';
import { createFieldBatches } from '../../../graphql/entities/field-batches.ts';
import { needs } from '../../../graphql/entities/selected.ts';
import { costs } from '../../../graphql/limits/field-cost.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { selectScope } from '../../../lists/list-page.ts';

/** The calls of one tool in a session. */
interface SessionTool {
  readonly tool: string;
  readonly mcpServer: string | null;
  readonly calls: number;
  readonly failed: number;
  readonly rejected: number;
  /** Null if no call has a duration. */
  readonly durationMs: number | null;
}

/** A session has no more tools than fit into one page. */
const MAX_TOOLS = 500;
/**
 * The assumed number of rows for the tools of a session: all its calls, if its totals are
 * incomplete.
 */
const TOOL_ROWS = 500;

/**
 * Adds `session { tools }`: from the session itself, or by one statement for all others of a page.
 */
export function addSessionTools(types: TypeRegistry): void {
  const load = createFieldBatches<string, SessionTool[]>();
  const type = sessionToolType(types);
  addStateField(types, sessions, 'tools', (t) =>
    t.field({
      ...needs(
        sessions,
        ['sessionId', 'toolCallCount', 'toolTotals'],
        costs(() => ({ rows: TOOL_ROWS, whole: true })),
      ),
      type: [type],
      description:
        'Its tool calls per tool, most used first, at most 500 tools. Expired calls are included, unless the session ' +
        'used more than 200 tools (fewer if their names are long) or has calls that an older version recorded.',
      resolve: async ({ sessionId, toolCallCount, toolTotals }, _args, context, info) =>
        keptTools(toolTotals, toolCallCount) ??
        (await load(info, sessionId, (ids) => readTools(context, ids))) ??
        [],
    }),
  );
}

/** The tools that the session has added up; null if they are not all. */
function keptTools(toolTotals: unknown, toolCallCount: number): SessionTool[] | null {
  const tools = readGroups(toolTotals ?? []).map(toKeptTool);
  const counted = tools.reduce((sum, { calls }) => sum + calls, 0);
  return counted === toolCallCount ? tools.sort(byCalls) : null;
}

function toKeptTool({ key: [tool, mcpServer], totals: [calls, failed, rejected, durationMs] }: GroupTotals) {
  return {
    ...{ tool: String(tool), mcpServer: typeof mcpServer === 'string' ? mcpServer : null },
    ...{ calls: Number(calls), failed: Number(failed), rejected: Number(rejected) },
    durationMs: durationMs ?? null,
  };
}

function byCalls(one: SessionTool, other: SessionTool): number {
  const byName = () => compareText(one.tool, other.tool) || compareText(serverOf(one), serverOf(other));
  return other.calls - one.calls || byName();
}

const serverOf = ({ mcpServer }: SessionTool): string => mcpServer ?? '';

/** The tools of each session, read by the index on the session. */
async function readTools(
  { projectId, services: { store } }: Context,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SessionTool[]>> {
  const scope = { table: toolCalls, projectId, filter: isOneOf('sessionId', ids) };
  const { codePointOrder } = store.functions;
  const server = sql`coalesce(${sql.ref('mcp_server')}, '')`;
  const order = sql`count(*) desc, ${codePointOrder(sql.ref('tool'))}, ${codePointOrder(server)}`;
  const ranked = selectScope(store, scope)
    .groupBy(['session_id', 'tool', 'mcp_server'])
    .select(['session_id', 'tool', 'mcp_server'])
    .select([
      sql<unknown>`count(*)`.as('calls'),
      sql<unknown>`sum(case when success then 0 else 1 end)`.as('failed'),
      sql<unknown>`sum(case when decision = 'REJECTED' then 1 else 0 end)`.as('rejected'),
      sql<unknown>`sum(duration_ms)`.as('duration'),
      sql<number>`row_number() over (partition by session_id order by ${order})`.as('rank'),
    ]);
  const rows = await store.query
    .selectFrom(ranked.as('ranked'))
    .selectAll()
    .where('rank', '<=', MAX_TOOLS)
    .orderBy('rank')
    .execute();
  const found = new Map<string, SessionTool[]>();
  for (const row of rows) {
    const id = String(row['session_id']);
    const tools = found.get(id) ?? [];
    found.set(id, tools);
    tools.push(toSessionTool(row));
  }
  return found;
}

function toSessionTool(row: Readonly<Record<string, unknown>>): SessionTool {
  return {
    tool: String(row['tool']),
    mcpServer: row['mcp_server'] === null ? null : String(row['mcp_server']),
    calls: Number(row['calls']),
    failed: Number(row['failed']),
    rejected: Number(row['rejected']),
    durationMs: row['duration'] === null ? null : Number(row['duration']),
  };
}

function sessionToolType({ builder }: TypeRegistry) {
  return builder.objectRef<SessionTool>('SessionTool').implement({
    description: 'The calls of one tool in one session.',
    fields: (t) => ({
      tool: t.exposeString('tool', { description: columnOf(toolCalls, 'tool').description }),
      mcpServer: t.exposeString('mcpServer', {
        nullable: true,
        description: columnOf(toolCalls, 'mcpServer').description,
      }),
      calls: t.expose('calls', { type: 'SafeInt', description: 'Number of calls.' }),
      failed: t.expose('failed', {
        type: 'SafeInt',
        description: 'Number of calls that failed, including rejected ones.',
      }),
      rejected: t.expose('rejected', {
        type: 'SafeInt',
        description: 'Number of calls that were not allowed.',
      }),
      durationMs: t.exposeFloat('durationMs', {
        nullable: true,
        description: 'Total running time of the tool, in milliseconds; null if no call has a known duration.',
      }),
    }),
  });
}
