import type { Server } from 'node:http';
import type { Config } from '../config/config.ts';
import { listen } from './http-server.ts';
import { MCP_PATH } from './mcp-endpoint.ts';
import { METRICS_PATH } from './metrics-endpoint.ts';
import { GRAPHQL_ENDPOINT } from './yoga.ts';

export interface Addresses {
  /** GraphQL over HTTP and SSE, and GraphiQL for browsers. */
  readonly graphql: string;
  /** GraphQL over WebSocket. */
  readonly webSocket: string;
  /** The base URL for OTLP, without `/v1/traces`: the second port if there is one. */
  readonly otlp: string;
  /** The Model Context Protocol, for agents. */
  readonly mcp: string;
  /** Metrics for Prometheus: at the second port if there is one. */
  readonly metrics: string;
}

export interface HttpServers {
  readonly main: Server;
  /** Null if there is no such port. */
  readonly forOtlp: Server | null;
  readonly forMetrics: Server | null;
}

/** Listens on all ports, or on none. */
export async function listenAll(
  config: Pick<Config, 'host' | 'port' | 'otlpPort' | 'metricsPort'>,
  { main, forOtlp, forMetrics }: HttpServers,
): Promise<Addresses> {
  const listening: Server[] = [];
  const listenOn = async (server: Server, asked: number | null): Promise<number> => {
    const { port } = await listen(server, config.host, asked ?? 0);
    listening.push(server);
    return port;
  };
  try {
    const port = await listenOn(main, config.port);
    const otlpPort = forOtlp === null ? port : await listenOn(forOtlp, config.otlpPort);
    const metricsPort = forMetrics === null ? port : await listenOn(forMetrics, config.metricsPort);
    return addressesOf(config.host, { port, otlpPort, metricsPort });
  } catch (error) {
    for (const server of listening) server.close();
    throw error;
  }
}

function addressesOf(
  name: string,
  { port, otlpPort, metricsPort }: Readonly<Record<'port' | 'otlpPort' | 'metricsPort', number>>,
): Addresses {
  const host = name.includes(':') ? `[${name}]` : name;
  return {
    graphql: `http://${host}:${port}${GRAPHQL_ENDPOINT}`,
    webSocket: `ws://${host}:${port}${GRAPHQL_ENDPOINT}`,
    mcp: `http://${host}:${port}${MCP_PATH}`,
    otlp: `http://${host}:${otlpPort}`,
    metrics: `http://${host}:${metricsPort}${METRICS_PATH}`,
  };
}
