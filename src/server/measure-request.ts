import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Endpoint, Instruments } from '../metrics/instruments.ts';
import { EXPORT_PATH } from './exports/read-export-request.ts';
import { MCP_PATH } from './mcp-endpoint.ts';
import { METRICS_PATH } from './metrics-endpoint.ts';
import { signalOf } from './otlp/otlp.ts';
import { HEALTH_PATHS } from './plugins/use-health-endpoints.ts';
import { GRAPHQL_ENDPOINT } from './yoga.ts';

const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  [GRAPHQL_ENDPOINT, 'graphql'],
  [MCP_PATH, 'mcp'],
  [METRICS_PATH, 'metrics'],
  ['/health', 'health'],
  [HEALTH_PATHS.alive, 'health'],
  [HEALTH_PATHS.ready, 'health'],
]);

export function endpointOf(url: string): Endpoint {
  const path = url.split('?', 1)[0] ?? '';
  const known = ENDPOINTS.get(path);
  if (known !== undefined) return known;
  if (signalOf(path) !== undefined) return 'otlp';
  return path.startsWith(EXPORT_PATH) ? 'export' : 'other';
}

/**
 * The status that nginx uses for a client that disconnected before it had an answer. It is never
 * sent.
 */
const CLIENT_GONE = 499;

/** Counts a request when its answer has ended, in whatever way. */
export function measureRequest(
  { url = '' }: IncomingMessage,
  response: ServerResponse,
  instruments: Pick<Instruments, 'request'>,
): void {
  const started = performance.now();
  response.once('close', () => {
    const isStream = String(response.getHeader('content-type')).startsWith('text/event-stream');
    const status = response.writableFinished || isStream ? response.statusCode : CLIENT_GONE;
    instruments.request(endpointOf(url), status, isStream ? null : (performance.now() - started) / 1000);
  });
}
