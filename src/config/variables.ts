import type { z } from 'zod';
import { backupVariables } from './backup-variables.ts';
import { columnVariables } from './column-variables.ts';
import { databaseVariables } from './database-variables.ts';
import { healthVariables } from './health-variables.ts';
import { type Kind, mailbox, networks, oneOf, origins, smtpServer, text, wholeNumber } from './kinds.ts';
import { queryLimitVariables } from './query-limit-variables.ts';
import { quotaVariables } from './quota-variables.ts';
import { selfMonitoringVariables } from './self-monitoring-variables.ts';
import { telemetryVariables } from './telemetry-variables.ts';

/**
 * An environment variable of the server: parser, default, unit and description.
 * `docs/configuration.md` is generated from these declarations, and `loadConfig` reads the
 * environment through them.
 */
interface Declaration<Value> extends Kind<Value> {
  readonly description: string;
  /** The value may contain a password, so error messages do not repeat it. */
  readonly secret?: true;
}

interface DefaultedVariable<Value> extends Declaration<Value> {
  /** As written in the environment. */
  readonly default: string;
}

interface OptionalVariable<Value> extends Declaration<Value> {
  readonly default?: undefined;
  /** What applies without the variable, in words. */
  readonly fallback: string;
}

export type Variable<Value> = DefaultedVariable<Value> | OptionalVariable<Value>;

const DATABASE_URL = /^(file:.+|postgres(ql)?:\/\/.+)$/;
const MEBIBYTE = 1024 * 1024;

export const variables = {
  HOST: {
    ...text('address', 'an IP address or a host name', /^[\w.:-]+$/),
    default: '127.0.0.1',
    description:
      'Address to listen on. The server refuses to start on anything but a loopback address until an ' +
      'API key exists, unless `AUTH=disabled`.',
  },
  PORT: {
    ...wholeNumber('port', 0, 65_535),
    default: '4000',
    description: 'Port to listen on; 0 selects a free one.',
  },
  OTLP_PORT: {
    ...wholeNumber('port', 0, 65_535),
    fallback: 'OTLP only at `PORT`',
    description:
      'A second port, which accepts only OTLP/HTTP. 4318 is the default port of most senders. `PORT` ' +
      'always accepts OTLP. See docs/otlp.md.',
  },
  METRICS_PORT: {
    ...wholeNumber('port', 0, 65_535),
    fallback: 'metrics only at `PORT`, with a key',
    description:
      'A second port, which serves only `/metrics` for Prometheus, of the server and all projects, ' +
      'WITHOUT a key: only Prometheus should reach it. At `PORT`, `/metrics` needs a key. See ' +
      'docs/monitoring.md.',
  },
  AUTH: {
    ...oneOf('disabled'),
    fallback:
      'requests need an API key as soon as one exists; until then, the server answers only this machine',
    description:
      'Set to `disabled` to answer everybody who can reach the address, for example in a private network. ' +
      'A request with a valid key still acts for its project; one with a wrong key is refused.',
  },
  DATABASE_URL: {
    ...text('URL', 'file:<path> or postgresql://…', DATABASE_URL),
    default: 'file:./data/telltale.db',
    description:
      'Where the data is: `file:` and a path for SQLite, or `postgresql://user:password@host:port/database`.',
  },
  ...databaseVariables,
  SQLITE_READERS: {
    ...wholeNumber('threads', 1, 64),
    default: '2',
    description:
      'Threads that answer queries on SQLite, each started when it is needed. Ignored with PostgreSQL.',
  },
  ...columnVariables,
  ...backupVariables,
  INGEST_QUEUE_EVENTS: {
    ...wholeNumber('events', 1, 10_000_000),
    default: '100000',
    description:
      'Maximum number of events that wait for the writer or are being written. A mutation beyond ' +
      'it fails with OVERLOADED and stores nothing.',
  },
  INGEST_QUEUE_BYTES: {
    ...wholeNumber('bytes', MEBIBYTE, 1024 * 1024 * MEBIBYTE),
    default: String(64 * MEBIBYTE),
    description:
      'Maximum size of the values of these events. A mutation beyond it fails with OVERLOADED, ' +
      'unless nothing else waits.',
  },
  SUBSCRIPTION_QUEUE_EVENTS: {
    ...wholeNumber('events', 1, 1_000_000),
    default: '1000',
    description:
      'Maximum number of events that wait for one subscriber. Beyond it, the oldest is dropped ' +
      'and counted in `extensions.dropped`.',
  },
  PRICES_FILE: {
    ...text('path', 'the path of a JSON file'),
    fallback: 'only the built-in price list',
    description:
      'JSON file with prices that replace or extend the built-in list, for all projects or for one (`project`).',
  },
  RETENTION_DAYS: {
    ...wholeNumber('days', 1, 36_500),
    fallback: '90',
    description:
      'How long to keep resolved alerts, and the rows of datasets without a retention of their own, in ' +
      'projects without a policy for them. See docs/retention.md.',
  },
  RETENTION_ARCHIVE_DIR: {
    ...text('path', 'the path of a folder'),
    fallback: 'expired rows are not archived',
    description:
      'Folder in which the server archives rows as Parquet files before retention removes them, one file ' +
      'per dataset, project and day. The server never deletes these files, not even when a project is ' +
      'deleted. See docs/retention.md.',
  },
  COORDINATION_DIR: {
    ...text('path', 'the path of a folder'),
    fallback: 'no folder is watched',
    description:
      'Folder in which agents coordinate: changes of its `task-board.json` become task events, ' +
      'lines of its `progress-log.md` activities (see `coordination.md`). It may be created ' +
      'later.',
  },
  COORDINATION_PROJECT: {
    ...text('project', 'the id of a project', /^[a-z0-9-]{1,63}$/),
    default: 'default',
    description: 'The project to which the coordination folder belongs.',
  },
  ...healthVariables,
  ...selfMonitoringVariables,
  ...telemetryVariables,
  AGENT_OFFLINE_SECONDS: {
    ...wholeNumber('seconds', 1, 2_592_000),
    default: '300',
    description: 'An agent whose newest metrics are older than this is shown as OFFLINE.',
  },
  WEBHOOK_ALLOWED_ADDRESSES: {
    ...networks(),
    fallback: 'none',
    description:
      'Private addresses that webhooks may call. Without it, no request goes to this machine, ' +
      'private networks or anything else that is not on the public internet.',
  },
  SMTP_URL: {
    ...smtpServer(),
    secret: true,
    fallback: 'no e-mails are sent',
    description:
      'The mail server for alerts by e-mail. `smtps:` uses TLS from the start (default port 465). `smtp:` ' +
      'upgrades to TLS if the mail server offers it (default port 587), and requires TLS if there is a ' +
      'password. To a loopback address, `smtp:` does not use TLS. A private address is allowed.',
  },
  SMTP_FROM: {
    ...mailbox(),
    fallback: 'required with `SMTP_URL`',
    description: 'The sender of e-mails.',
  },
  MAX_BODY_BYTES: {
    ...wholeNumber('bytes', 1024, 1024 * MEBIBYTE),
    default: String(10 * MEBIBYTE),
    description:
      'Largest request body and largest WebSocket message, after decompression. A larger body is answered ' +
      'with status 413, a larger message with close code 1009. A WebSocket message that is not ingest may ' +
      'have at most 1 MiB.',
  },
  MAX_INGEST_BODY_BYTES: {
    ...wholeNumber('bytes', 1024, 1024 * MEBIBYTE),
    default: String(32 * MEBIBYTE),
    description: 'Largest request body of a `record…` mutation over HTTP, after decompression.',
  },
  REQUEST_BUDGET_BYTES: {
    ...wholeNumber('bytes', MEBIBYTE, 1024 * 1024 * MEBIBYTE),
    default: String(96 * MEBIBYTE),
    description:
      'Memory for all request bodies and WebSocket messages together, from their first byte to their ' +
      'answer. A request beyond it fails with OVERLOADED. An eighth is reserved for bodies of at most 256 ' +
      'KiB. Processing takes about five times as much.',
  },
  MAX_SOCKETS_PER_ADDRESS: {
    ...wholeNumber('WebSockets', 1, 1_000_000),
    default: '1000',
    description:
      'Maximum number of WebSockets from one IP address. Behind a proxy, all clients have the ' +
      'address of the proxy, unless `TRUSTED_PROXIES` names it.',
  },
  ...quotaVariables,
  TRUSTED_PROXIES: {
    ...networks(),
    fallback: 'none',
    description:
      'Proxies in front of the server. For a request from one of them, the address of the client is ' +
      'the last one in `X-Forwarded-For` that is not in this list.',
  },
  CORS_ORIGINS: {
    ...origins(),
    fallback: 'none',
    description:
      "Web pages of these origins may use the server from a browser. The server's own pages always may. " +
      'Behind a proxy that changes the Host header, list the origin of the proxy.',
  },
  TRUSTED_DOCUMENTS: {
    ...text('path', 'the path of a JSON file'),
    fallback: 'clients cannot send documents by id',
    description:
      'JSON file with the documents that clients may send by `documentId`: an object that maps ids to ' +
      'texts. The server reads it at start.',
  },
  TRUSTED_DOCUMENTS_ONLY: {
    ...oneOf('true', 'false'),
    default: 'false',
    description:
      'Set to `true` to refuse all other documents, except those of the dashboard with an API key. You ' +
      'can also limit single keys in this way; such a key may not send those of the dashboard either.',
  },
  ...queryLimitVariables,
  MAX_PROJECTS: {
    ...wholeNumber('projects', 1, 100_000),
    default: '1000',
    description: 'Maximum number of projects. Each instance holds all of them in memory.',
  },
  MAX_KEYS_PER_PROJECT: {
    ...wholeNumber('keys', 1, 10_000),
    default: '100',
    description:
      'Maximum number of valid API keys of one project, and of keys for all projects. Revoked and expired ' +
      'keys do not count.',
  },
  DASHBOARD: {
    ...oneOf('true', 'false'),
    default: 'true',
    description:
      'Serve the dashboard at `/`. The page contains no data: it queries the API with the key that the ' +
      'user enters.',
  },
  GRAPHIQL: {
    ...oneOf('true', 'false'),
    fallback: 'on, unless NODE_ENV=production',
    description:
      'Serve GraphiQL, the page for trying queries, at `/graphiql`, and to browsers at `/graphql`.',
  },
  LOG_LEVEL: {
    ...oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    default: 'info',
    description: 'Lowest severity that is logged. `debug` logs every request.',
  },
  LOG_FORMAT: {
    ...oneOf('pretty', 'json'),
    fallback: '`pretty` on a terminal, else `json`',
    description: 'Log lines for people, or one JSON object per line.',
  },
  SHUTDOWN_GRACE_MS: {
    ...wholeNumber('milliseconds', 0, 600_000),
    default: '10000',
    description: 'How long the server waits for running requests and webhook calls when it shuts down.',
  },
  NODE_ENV: {
    ...text('name', 'a name such as production, development or test'),
    fallback: 'not production',
    description: '`production` turns GraphiQL off unless `GRAPHIQL=true`.',
  },
} satisfies Record<string, Variable<unknown>>;

export type VariableName = keyof typeof variables;
export type VariableValues = {
  [Name in VariableName]:
    | z.output<(typeof variables)[Name]['schema']>
    | ((typeof variables)[Name] extends { default: string } ? never : undefined);
};
