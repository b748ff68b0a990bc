import type { z } from 'zod';
import {
  type Kind,
  mailbox,
  networks,
  oneOf,
  origins,
  percentage,
  share,
  smtpServer,
  text,
  wholeNumber,
} from './kinds.ts';

/**
 * An environment variable of the server: parser, default, unit and description.
 * `docs/configuration.md` is generated from these declarations, and `loadConfig` reads the
 * environment through them.
 */
interface Declaration<Value> extends Kind<Value> {
  readonly description: string;
  /** True: the value may contain a password, so error messages do not repeat it. */
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
      'Address to listen on. Anything but a loopback address is refused unless `AUTH=disabled`, because the server has no API keys yet.',
  },
  PORT: {
    ...wholeNumber('port', 0, 65_535),
    default: '4000',
    description: 'Port to listen on; 0 takes a free one.',
  },
  AUTH: {
    ...oneOf('disabled'),
    fallback: 'the server is reached from this machine only',
    description:
      'Set to `disabled` to serve without keys on an address that others can reach, such as inside a private network.',
  },
  DATABASE_URL: {
    ...text('URL', 'file:<path> or postgresql://…', DATABASE_URL),
    default: 'file:./data/telltale.db',
    description:
      'Where the data is: `file:` and a path for SQLite, or `postgresql://user:password@host:port/database`.',
  },
  SQLITE_READERS: {
    ...wholeNumber('threads', 1, 64),
    default: '2',
    description:
      'Threads that answer queries on SQLite, each started when it is needed. PostgreSQL does not use it.',
  },
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
    fallback: 'the built-in price list alone',
    description: 'JSON file with prices that replace or extend the built-in list.',
  },
  RETENTION_DAYS: {
    ...wholeNumber('days', 1, 36_500),
    fallback: '90',
    description:
      'How long to keep resolved alerts, and the rows of datasets that declare no retention in ' +
      'projects without a policy for them. See docs/retention.md.',
  },
  COORDINATION_DIR: {
    ...text('path', 'the path of a folder'),
    fallback: 'no folder is watched',
    description:
      'Folder in which agents coordinate: changes of its `task-board.json` become task events, ' +
      'lines of its `progress-log.md` activities (see `coordination.md`). It may be created ' +
      'later.',
  },
  HEALTH_DEGRADED_ERROR_RATE: {
    ...share('share of requests'),
    default: '0.05',
    description: 'Error rate from which `health` reports DEGRADED.',
  },
  HEALTH_UNHEALTHY_ERROR_RATE: {
    ...share('share of requests'),
    default: '0.2',
    description: 'Error rate from which `health` reports UNHEALTHY.',
  },
  HEALTH_WINDOW_SECONDS: {
    ...wholeNumber('seconds', 10, 86_400),
    default: '300',
    description: 'How far `health` looks back.',
  },
  HEALTH_MINIMUM_REQUESTS: {
    ...wholeNumber('requests', 1, 1_000_000_000),
    default: '20',
    description: 'With fewer requests in the window, `health` ignores the error rate.',
  },
  HEALTH_DEGRADED_CPU_PERCENT: {
    ...percentage(),
    default: '85',
    description: 'A service whose newest sample shows this processor use or more is DEGRADED in `health`.',
  },
  HEALTH_UNHEALTHY_CPU_PERCENT: {
    ...percentage(),
    default: '95',
    description: 'A service whose newest sample shows this processor use or more is UNHEALTHY in `health`.',
  },
  HEALTH_DEGRADED_MEMORY_PERCENT: {
    ...percentage(),
    default: '85',
    description: 'A service whose newest sample shows this memory use or more is DEGRADED in `health`.',
  },
  HEALTH_UNHEALTHY_MEMORY_PERCENT: {
    ...percentage(),
    default: '95',
    description: 'A service whose newest sample shows this memory use or more is UNHEALTHY in `health`.',
  },
  HEALTH_DEGRADED_DISK_PERCENT: {
    ...percentage(),
    default: '85',
    description: 'A service whose newest sample shows this disk use or more is DEGRADED in `health`.',
  },
  HEALTH_UNHEALTHY_DISK_PERCENT: {
    ...percentage(),
    default: '95',
    description: 'A service whose newest sample shows this disk use or more is UNHEALTHY in `health`.',
  },
  HEALTH_SAMPLE_MAX_AGE_SECONDS: {
    ...wholeNumber('seconds', 1, 86_400),
    default: '300',
    description:
      'A service whose newest sample is older counts as silent: `health` lists it as stale and ignores the sample.',
  },
  HEALTH_RECOVERY_SECONDS: {
    ...wholeNumber('seconds', 0, 86_400),
    default: '60',
    description:
      'How long `health` must be HEALTHY before its alert is resolved. If it gets worse within ' +
      'that time, the same alert continues.',
  },
  HEALTH_DEGRADED_EVENT_LOOP_MS: {
    ...wholeNumber('milliseconds', 1, 3_600_000),
    default: '100',
    description: "Delay of the server's own event loop (p99) from which `health` reports DEGRADED.",
  },
  HEALTH_UNHEALTHY_EVENT_LOOP_MS: {
    ...wholeNumber('milliseconds', 1, 3_600_000),
    default: '1000',
    description: "Delay of the server's own event loop (p99) from which `health` reports UNHEALTHY.",
  },
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
      'The mail server for alerts by e-mail. `smtps:` uses TLS from the start (default port 465). ' +
      '`smtp:` changes to TLS where the server offers it (default port 587); with a password it ' +
      'insists on TLS. To a loopback address, `smtp:` does not use TLS. A private address is fine.',
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
      'Largest request body and largest WebSocket message, after decompression. A larger body is ' +
      'answered with status 413, a larger message with close code 1009. A WebSocket message that ' +
      'is not ingest may have 1 MiB.',
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
      'Memory for all request bodies and WebSocket messages together, from their first byte to ' +
      'their answer. A request beyond it fails with OVERLOADED. An eighth is kept for bodies of at ' +
      'most 256 KiB. Processing takes about five times as much.',
  },
  MAX_SOCKETS_PER_ADDRESS: {
    ...wholeNumber('WebSockets', 1, 1_000_000),
    default: '1000',
    description:
      'Maximum number of WebSockets from one IP address. Behind a proxy, all clients have the ' +
      'address of the proxy.',
  },
  CORS_ORIGINS: {
    ...origins(),
    fallback: 'none',
    description:
      'Web pages of these origins may use the server from a browser. Pages that the server itself ' +
      'serves always may. Behind a proxy that changes the Host header, list its origin.',
  },
  MAX_QUERY_DEPTH: {
    ...wholeNumber('levels', 1, 1000),
    default: '15',
    description:
      'Maximum nesting of fields in an operation. Introspection is counted separately, up to 20 levels.',
  },
  MAX_QUERY_TOKENS: {
    ...wholeNumber('tokens', 10, 10_000_000),
    default: '5000',
    description: 'Largest GraphQL document, in lexical tokens. Send events as variables: they do not count.',
  },
  MAX_ALIASES: {
    ...wholeNumber('aliases', 0, 100_000),
    default: '50',
    description: 'Maximum number of aliases in an operation.',
  },
  GRAPHIQL: {
    ...oneOf('true', 'false'),
    fallback: 'on, unless NODE_ENV=production',
    description: 'Serve GraphiQL, the page to try queries on, at `/graphql`.',
  },
  LOG_LEVEL: {
    ...oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    default: 'info',
    description: 'Lowest severity that is logged. `debug` logs every request.',
  },
  LOG_FORMAT: {
    ...oneOf('pretty', 'json'),
    fallback: '`pretty` on a terminal, else `json`',
    description: 'Log lines for people, or one JSON object a line.',
  },
  SHUTDOWN_GRACE_MS: {
    ...wholeNumber('milliseconds', 0, 600_000),
    default: '10000',
    description: 'How long the server waits on shutdown for running requests and webhook calls.',
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
