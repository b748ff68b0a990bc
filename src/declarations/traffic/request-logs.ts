import { boolean, float, integer, text } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';
import { SESSION_COLUMN, WORK_COLUMNS, WORK_ROLLUP } from '../../core/dataset/work.ts';
import { inSession } from '../agents/sessions.ts';

/** Requests that instrumented services answered (source 0, `request_logs`). */
export const requestLogs = defineDataset({
  name: 'requestLogs',
  entity: 'RequestLog',
  table: 'request_logs',
  description:
    'A request that an instrumented service answered. Together they are the audit trail of the ' +
    'API, one event per request.',
  belongsToRequest: true,
  naturalKey: 'requestId',
  columns: {
    endpoint: text({
      role: 'dimension',
      maxLength: 500,
      description: 'The route, for example "/api/v1/chat".',
    }),
    method: text({ role: 'dimension', maxLength: 20, description: 'The HTTP method.' }),
    statusCode: integer({
      role: 'dimension',
      min: 100,
      max: 599,
      description: 'The HTTP status of the answer.',
    }),
    latencyMs: float({ role: 'measure', quantiles: true, description: 'Time to answer, in milliseconds.' }),
    ipAddress: text({
      optional: true,
      maxLength: 45,
      ipAddress: true,
      description:
        'IP address of the caller, IPv4 or IPv6. `ipAddresses` of the project determines how much ' +
        'of it is stored.',
    }),
    userAgent: text({ optional: true, maxLength: 500, description: 'User-Agent header of the caller.' }),
    ...SESSION_COLUMN,
    ...WORK_COLUMNS,
    success: boolean({
      role: 'dimension',
      source: 'server',
      description: 'True when `statusCode` is below 400.',
    }),
  },
  indexed: ['requestId', 'sessionId', 'taskId', 'agentId', 'release'],
  rollups: [
    { dimensions: [] },
    { dimensions: ['service', 'environment'] },
    { dimensions: ['endpoint', 'method'] },
    {
      dimensions: ['endpoint', 'method', 'statusCode', 'success', 'service', 'environment'],
      grains: ['HOUR', 'DAY'],
    },
    WORK_ROLLUP,
  ],
  tally: { ...inSession, totals: { requestCount: {} } },
  complete: (request) => {
    request.success = request.statusCode < 400;
  },
});
