import { boolean, enumeration, float, text } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';
import { SESSION_COLUMNS } from './session-columns.ts';
import { inSession } from './sessions.ts';

const DECISIONS = {
  ACCEPTED: 'A person, or a rule that a person made, allowed this call.',
  REJECTED: 'A person, or a rule that a person made, did not allow it. The tool did not run.',
  AUTO: 'The agent did not need to ask anybody.',
};

/** The tools that agents use: they run commands, edit files, call MCP servers. */
export const toolCalls = defineDataset({
  name: 'toolCalls',
  entity: 'ToolCall',
  table: 'tool_calls',
  description: 'One tool call by an agent: which tool, whether it was allowed, and whether it worked.',
  belongsToRequest: true,
  fromRequest: ['agentId', 'sessionId', 'tags'],
  columns: {
    ...SESSION_COLUMNS,
    tool: text({
      verbatim: true,
      role: 'dimension',
      description: 'The name of the tool, for example "Bash".',
    }),
    mcpServer: text({
      verbatim: true,
      role: 'dimension',
      optional: true,
      description: 'The MCP server that offers the tool, for example "github"; null for tools of the agent.',
    }),
    success: boolean({
      role: 'dimension',
      description:
        'Whether the tool did what it was asked to do. False for a call that was not allowed; true ' +
        'is then rejected.',
    }),
    decision: enumeration('ToolDecision', DECISIONS, {
      role: 'dimension',
      optional: true,
      description: 'Whether the call was allowed, and by whom; null if the sender does not know.',
    }),
    durationMs: float({
      role: 'measure',
      optional: true,
      quantiles: true,
      description: 'How long the tool ran, in milliseconds. Null if unknown, or if it did not run.',
    }),
    errorType: text({
      role: 'dimension',
      optional: true,
      description: 'Class of the failure, for example "timeout".',
    }),
  },
  indexed: ['requestId', 'sessionId', 'agentId'],
  rollups: [
    { dimensions: [] },
    { dimensions: ['tool'] },
    { dimensions: ['service', 'environment'] },
    { dimensions: ['agentId', 'tool', 'success'], grains: ['HOUR', 'DAY'] },
    {
      dimensions: ['tool', 'mcpServer', 'success', 'decision', 'errorType', 'service', 'environment'],
      grains: ['HOUR', 'DAY'],
    },
  ],
  tally: {
    ...inSession,
    totals: {
      toolCallCount: {},
      failedToolCallCount: { where: ['success', false] },
      rejectedToolCallCount: { where: ['decision', 'REJECTED'] },
    },
    grouped: {
      toolTotals: {
        by: ['tool', 'mcpServer'],
        totals: [
          {},
          { where: ['success', false] },
          { where: ['decision', 'REJECTED'] },
          { sum: 'durationMs' },
        ],
      },
    },
  },
  findContradiction: ({ decision, success }) =>
    decision === 'REJECTED' && success
      ? {
          field: 'success',
          message: 'success must be false when decision is REJECTED: the tool did not run.',
        }
      : null,
});
