import { once } from 'node:events';
import { createServer } from 'node:net';
import type { App } from '../app.ts';
import { type Config, ConfigError, withoutPassword } from '../config/config.ts';
import { TelltaleError } from '../core/errors.ts';
import { isObject } from '../core/is-object.ts';
import { codeOf } from '../core/thrown.ts';
import { firstSignal, type SignalSource } from './signals.ts';

export type Addresses = Awaited<ReturnType<App['start']>>;

/** The output and the signals of a command. `process` is one. */
export interface Host extends SignalSource {
  readonly stdout: { write(text: string): unknown };
}

/** Errors of a HOST that is not an address of this machine, or of a PORT without permission. */
const NOT_FOR_US = new Set(['EACCES', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'ENOTFOUND', 'EAI_AGAIN']);

/**
 * Starts the app, prints its addresses, and stops it cleanly at the first SIGINT or SIGTERM. A
 * second one ends the process at once. Resolves when everything is closed.
 *
 * @param beside starts further work once the server listens; returns a function that is called when
 *   the server stops
 * @throws TelltaleError with advice when the port is in use, ConfigError when the address is not
 * ours
 */
export async function runApp(
  app: App,
  host: Host = process,
  beside: (addresses: Addresses) => Promise<() => Promise<void>> = async () => async () => {},
): Promise<void> {
  const { config } = app.services;
  const signalled = firstSignal(host);
  try {
    const addresses = await listenClearly(config, 'npm start', () => app.start());
    host.stdout.write(describe(addresses, app.services));
    const end = await beside(addresses);
    const signal = await signalled.promise;
    if (config.log.format === 'pretty') host.stdout.write(`\n${signal}: stopping\n`);
    await end();
  } finally {
    await app.stop();
    signalled.forget();
  }
}

/**
 * Checks that the port is free, for commands that prepare for long before they listen.
 *
 * @param command how users start it, for the advice in the error
 * @throws TelltaleError with advice when the port is in use, ConfigError when the address is not
 * ours
 */
export function expectFreePort({ host, port }: Config, command: string): Promise<void> {
  return listenClearly({ host, port }, command, async () => {
    const probe = createServer().listen(port, host);
    await once(probe, 'listening');
    probe.close();
    await once(probe, 'close');
  });
}

async function listenClearly<Result>(
  config: Pick<Config, 'host' | 'port'> & Partial<Pick<Config, 'otlpPort' | 'metricsPort'>>,
  command: string,
  listen: () => Promise<Result>,
): Promise<Result> {
  const { host, port, otlpPort = null, metricsPort = null } = config;
  try {
    return await listen();
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (code === 'EADDRINUSE') {
      const taken = isObject(error) ? error['port'] : undefined;
      if (otlpPort !== null && taken === otlpPort) throw otlpPortInUse(otlpPort);
      if (metricsPort !== null && taken === metricsPort) throw metricsPortInUse(metricsPort);
      throw new TelltaleError(
        'UNAVAILABLE',
        `Port ${port} on ${host} is in use, perhaps by another Telltale. Stop it, or use ` +
          `another port: PORT=${port + 1} ${command}`,
      );
    }
    if (NOT_FOR_US.has(code)) {
      throw new ConfigError([
        `HOST and PORT: the server cannot listen on ${host}:${port} (${code}). Set them to an ` +
          'address of this machine and a port above 1023.',
      ]);
    }
    throw error;
  }
}

const otlpPortInUse = (port: number): TelltaleError =>
  new TelltaleError(
    'UNAVAILABLE',
    `OTLP_PORT=${port} is in use, perhaps by an OpenTelemetry collector. Choose another port, or ` +
      'leave OTLP_PORT unset: PORT accepts OTLP, too.',
  );

const metricsPortInUse = (port: number): TelltaleError =>
  new TelltaleError('UNAVAILABLE', `METRICS_PORT=${port} is in use. Choose another port.`);

/** Describes the addresses: a few lines for people, or one line of JSON for a machine-read log. */
export function describe(
  { graphql, webSocket, otlp, mcp, metrics }: Addresses,
  { config, access: { isOpen } }: Pick<App['services'], 'config' | 'access'>,
): string {
  const database = withoutPassword(config.databaseUrl);
  const access = accessOf(config, isOpen);
  if (config.log.format === 'json') {
    const listens = { level: 30, time: Date.now(), msg: 'Telltale is listening' };
    return `${JSON.stringify({ ...listens, graphql, webSocket, otlp, mcp, metrics, database, access })}\n`;
  }
  const lines = [
    ...(config.dashboard ? [['Dashboard', `${new URL('/', graphql)}  (open in a browser)`]] : []),
    ...(config.graphiql ? [['GraphiQL', `${new URL('/graphiql', graphql)}`]] : []),
    ['GraphQL', `${graphql}  (POST, SSE)`],
    ['WebSocket', webSocket],
    ['OTLP', `${otlp}  (http/protobuf, http/json)`],
    ['MCP', `${mcp}  (for agents)`],
    ['Metrics', `${metrics}  (for Prometheus)`],
    ['Database', database],
    ['Access', access],
  ];
  const rows = lines.map(([name = '', value]) => `  ${name.padEnd(10)} ${value}\n`);
  return `\nTelltale is ready. Stop it with Ctrl-C.\n\n${rows.join('')}\n`;
}

function accessOf({ authDisabled }: Config, isOpen: boolean): string {
  if (authDisabled) return 'OPEN TO ALL who reach this address: AUTH=disabled';
  return isOpen ? 'open, for this machine only, until there is an API key' : 'with API keys';
}
