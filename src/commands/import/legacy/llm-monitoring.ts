import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import { techniqueUsages } from '../../../declarations/llm/technique-usages.ts';
import { errorLogs } from '../../../declarations/traffic/error-logs.ts';
import { requestLogs } from '../../../declarations/traffic/request-logs.ts';
import { type ForeignFile, quoted } from '../../../storage/dialect/sqlite/foreign-file.ts';
import { from, type LegacySource, readFrom } from './source.ts';

const TIMES = ['timestamp', 'created_at'];
const timestamp = from(...TIMES, 'request_timestamp');
const joined = ['request_key', 'request_latency_ms', 'request_timestamp'];

/** A monitor of an LLM API. `request_id` links its tables. */
export const llmMonitoring: LegacySource = {
  name: 'llm-api-monitoring',
  title: 'LLM API monitoring (chimera_logs.db)',
  signature: {
    request_logs: ['request_id', 'endpoint', 'status_code', 'latency_ms'],
    llm_usage: ['request_id', 'provider', 'model', 'tokens_used'],
  },
  tables: [
    {
      table: 'request_logs',
      into: requestLogs,
      identity: [],
      fields: { timestamp: from(...TIMES) },
    },
    {
      table: 'llm_usage',
      into: llmCalls,
      identity: ['request_id'],
      sql: withRequest('llm_usage'),
      fields: {
        timestamp,
        totalTokens: from('tokens_used'),
        // This program stored no latency of calls, and made one call per request.
        latencyMs: from('latency_ms', 'request_latency_ms'),
      },
      ignored: joined,
    },
    {
      table: 'technique_usage',
      into: techniqueUsages,
      identity: ['request_id'],
      sql: withRequest('technique_usage'),
      fields: { timestamp },
      ignored: joined,
    },
    {
      table: 'error_logs',
      into: errorLogs,
      identity: ['request_id'],
      sql: withRequest('error_logs'),
      fields: { timestamp, errorMessage: readFrom('error_message', (message) => message ?? '') },
      ignored: joined,
    },
  ],
  leftOut: {},
};

/** The rows of a table with the latency and the time of their requests. */
function withRequest(table: string) {
  return ({ tables }: ForeignFile): string => {
    const requests = tables.find(({ name }) => name === 'request_logs');
    const time = TIMES.find((name) => requests?.columns.includes(name));
    const selected = ['max(latency_ms) as request_latency_ms'];
    if (time !== undefined) selected.push(`min(${time}) as request_timestamp`);
    return (
      `select own.*, request.* from ${quoted(table)} own left join (select request_id as request_key, ` +
      `${selected.join(', ')} from request_logs group by request_id) request on request_key = own.request_id`
    );
  };
}
