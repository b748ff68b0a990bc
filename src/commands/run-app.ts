import { once } from 'node:events';
import { createServer } from 'node:net';
import type { App } from '../app.ts';
import { type Config, withoutPassword } from '../config/config.ts';
import { TelltaleError } from '../core/errors.ts';
import { firstSignal, type SignalSource } from './signals.ts';

type Addresses = Awaited<ReturnType<App['start']>>;

/** Where a command writes for people, and where signals come from. `process` is one. */
export interface Host extends SignalSource {
  readonly stdout: { write(text: string): unknown };
}

/** The host is no address of this machine, or none at all, or the port is for others. */
const NOT_FOR_US = new Set(['EACCES', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'ENOTFOUND', 'EAI_AGAIN']);

/**
 * Starts the app, says where it is, and stops it cleanly at the first SIGINT or SIGTERM; a second
 * one ends the process at once. Resolves when everything is closed.
 *
 * @param beside starts what runs beside the server once it listens; what it answers is called when
 *   the server stops
 * @throws TelltaleError with what to do when the port is taken
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
    host.stdout.write(describe(addresses, config));
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
 * For commands that prepare for long before they listen: whether they will be able to.
 *
 * @param command how people start it, for the advice in the error
 * @throws TelltaleError with what to do when the port is taken
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
  { host, port }: Pick<Config, 'host' | 'port'>,
  command: string,
  listen: () => Promise<Result>,
): Promise<Result> {
  try {
    return await listen();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new TelltaleError(
        'CONFLICT',
        `Port ${port} on ${host} is in use, perhaps by another Telltale. Stop it, or use ` +
          `another port: PORT=${port + 1} ${command}`,
      );
    }
    if (NOT_FOR_US.has(code)) {
      throw new TelltaleError(
        'CONFLICT',
        `The server cannot listen on ${host}:${port} (${code}). Set HOST and PORT to an ` +
          'address of this machine and a port above 1023.',
      );
    }
    throw error;
  }
}

/** A few lines for people; one line of JSON for the log that machines read. */
export function describe({ graphql, webSocket }: Addresses, config: Config): string {
  const database = withoutPassword(config.databaseUrl);
  const access = config.localOnly
    ? 'open, for this machine only: there are no API keys yet'
    : 'OPEN TO ALL who reach this address: AUTH=disabled';
  if (config.log.format === 'json') {
    return `${JSON.stringify({ level: 30, time: Date.now(), msg: 'Telltale listens', graphql, webSocket, database, access })}\n`;
  }
  const lines = [
    ...(config.graphiql ? [['GraphiQL', `${graphql}  (open in a browser)`]] : []),
    ['GraphQL', `${graphql}  (POST, SSE)`],
    ['WebSocket', webSocket],
    ['Database', database],
    ['Access', access],
  ];
  const rows = lines.map(([name = '', value]) => `  ${name.padEnd(10)} ${value}\n`);
  return `\nTelltale is ready. Stop it with Ctrl-C.\n\n${rows.join('')}\n`;
}
