import type { Mailbox } from '../core/mail-address.ts';
import { entriesOf } from '../core/named.ts';
import type { Network } from '../core/networks.ts';
import type { Quotas } from '../core/quotas.ts';
import type { SmtpServer } from '../core/smtp-url.ts';
import { type BackupConfig, readBackupConfig } from './backup-variables.ts';
import { type ColumnsConfig, readColumnsConfig } from './column-variables.ts';
import { type DatabaseConfig, databaseProblems, readDatabaseConfig } from './database-variables.ts';
import { type HealthConfig, healthProblems, readHealthConfig } from './health-config.ts';
import { readQuotas } from './quota-variables.ts';
import { readSelfMonitoringConfig, type SelfMonitoringConfig } from './self-monitoring-variables.ts';
import { readTelemetryConfig, type TelemetryConfig } from './telemetry-variables.ts';
import { type Variable, type VariableName, type VariableValues, variables } from './variables.ts';

/** The typed and validated configuration of the server. */
export interface Config extends DatabaseConfig {
  readonly host: string;
  /** 0 selects any free port. */
  readonly port: number;
  /** The second port, for OTLP alone; null if there is none. 0 selects any free port. */
  readonly otlpPort: number | null;
  /**
   * The second port, for metrics alone, without a key; null if there is none. 0 selects any free
   * port.
   */
  readonly metricsPort: number | null;
  /** True if `AUTH=disabled` is set: the operator controls who reaches the server. */
  readonly authDisabled: boolean;
  readonly sqliteReaders: number;
  readonly columns: ColumnsConfig;
  readonly backups: BackupConfig;
  readonly ingestQueue: QueueConfig;
  readonly subscriptionQueueEvents: number;
  readonly maxProjects: number;
  /** The most active keys, per project, and for all projects. */
  readonly maxKeysPerProject: number;
  readonly pricesFile: string | null;
  /** Null if the defaults of the datasets apply. */
  readonly retentionDays: number | null;
  /** The folder of the archive of expired rows; null if there is none. */
  readonly archiveFolder: string | null;
  /** Null if no coordination folder is watched. */
  readonly coordinationFolder: string | null;
  /** The project to which the coordination folder belongs. */
  readonly coordinationProject: string;
  readonly health: HealthConfig;
  /** Null if the server does not record its own health. */
  readonly selfMonitoring: SelfMonitoringConfig | null;
  /** Null if the server sends no telemetry of its own. */
  readonly telemetry: TelemetryConfig | null;
  /** An agent that is silent for longer is OFFLINE. */
  readonly agentOfflineMs: number;
  /** Private addresses that webhooks may call. */
  readonly webhookAllowedAddresses: readonly Network[];
  /** Null if no mail server is configured, so no e-mails are sent. */
  readonly mail: MailConfig | null;
  readonly limits: {
    readonly bodyBytes: number;
    /** The limit for the body of a `record…` mutation. */
    readonly ingestBodyBytes: number;
    /** The limit for all bodies and WebSocket messages being read or processed. */
    readonly requestBudgetBytes: number;
    readonly socketsPerAddress: number;
    readonly queryDepth: number;
    readonly queryTokens: number;
    readonly aliases: number;
    /** The maximum price of an operation, computed before it runs. */
    readonly queryCost: number;
    /** The maximum price of the concurrent queries of one project. */
    readonly runningCost: number;
    /** How long a query may run. */
    readonly deadlineMs: number;
    /** How many rows the statements of one query may return in total. */
    readonly readRows: number;
    readonly readBytes: number;
    /** How many bytes concurrent queries may have read in total. */
    readonly runningBytes: number;
    readonly answerBytes: number;
    /** How many totals the analyses of one query may hold. */
    readonly readCells: number;
    /** How many downloads of events may run at a time. */
    readonly exports: number;
    /** How long a download may take. */
    readonly exportDeadlineMs: number;
  };
  /** The quotas of every key without its own, and of every address. */
  readonly quotas: { readonly key: Quotas; readonly address: Quotas };
  /** Proxies whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly Network[];
  readonly trustedDocuments: {
    /** The manifest. Null if there is none. */
    readonly file: string | null;
    /** If true, no other documents may be sent. */
    readonly only: boolean;
  };
  /** The origins of other sites whose pages may use the server. */
  readonly corsOrigins: readonly string[];
  readonly graphiql: boolean;
  readonly dashboard: boolean;
  readonly log: { readonly level: VariableValues['LOG_LEVEL']; readonly format: 'pretty' | 'json' };
  readonly shutdownGraceMs: number;
}

/** The bounds of the events that wait for the writer or are being written. */
export interface QueueConfig {
  readonly events: number;
  readonly bytes: number;
}

/** The mail server and the sender of e-mails. */
export interface MailConfig {
  readonly server: SmtpServer;
  readonly from: Mailbox;
}

/** The environment is invalid. Each problem names the variable, its value, and what is expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

export interface TerminalFacts {
  /** Whether the log goes to a terminal, which determines the default of LOG_FORMAT. */
  readonly isTerminal: boolean;
}

/**
 * Reads the configuration from the environment. An empty variable counts as absent.
 *
 * @throws ConfigError with all problems at once.
 */
export function loadConfig(
  environment: Readonly<Record<string, string | undefined>>,
  { isTerminal }: TerminalFacts = { isTerminal: false },
): Config {
  const problems: string[] = [];
  const values = readValues(environment, problems);
  if (values !== null) problems.push(...contradictions(values));
  if (values === null || problems.length > 0) throw new ConfigError(problems);
  return {
    host: values.HOST,
    port: values.PORT,
    otlpPort: values.OTLP_PORT ?? null,
    metricsPort: values.METRICS_PORT ?? null,
    authDisabled: values.AUTH === 'disabled',
    maxProjects: values.MAX_PROJECTS,
    maxKeysPerProject: values.MAX_KEYS_PER_PROJECT,
    ...readDatabaseConfig(values),
    sqliteReaders: values.SQLITE_READERS,
    columns: readColumnsConfig(values),
    backups: readBackupConfig(values, environment['HOME']),
    ingestQueue: { events: values.INGEST_QUEUE_EVENTS, bytes: values.INGEST_QUEUE_BYTES },
    subscriptionQueueEvents: values.SUBSCRIPTION_QUEUE_EVENTS,
    pricesFile: values.PRICES_FILE ?? null,
    retentionDays: values.RETENTION_DAYS ?? null,
    archiveFolder: values.RETENTION_ARCHIVE_DIR ?? null,
    coordinationFolder: values.COORDINATION_DIR ?? null,
    coordinationProject: values.COORDINATION_PROJECT,
    health: readHealthConfig(values),
    selfMonitoring: readSelfMonitoringConfig(values),
    telemetry: readTelemetryConfig(values),
    agentOfflineMs: values.AGENT_OFFLINE_SECONDS * 1000,
    webhookAllowedAddresses: values.WEBHOOK_ALLOWED_ADDRESSES ?? [],
    mail: readMailConfig(values),
    limits: {
      bodyBytes: values.MAX_BODY_BYTES,
      ingestBodyBytes: Math.max(values.MAX_BODY_BYTES, values.MAX_INGEST_BODY_BYTES),
      requestBudgetBytes: values.REQUEST_BUDGET_BYTES,
      socketsPerAddress: values.MAX_SOCKETS_PER_ADDRESS,
      queryDepth: values.MAX_QUERY_DEPTH,
      queryTokens: values.MAX_QUERY_TOKENS,
      aliases: values.MAX_ALIASES,
      queryCost: values.MAX_QUERY_COST,
      runningCost: values.MAX_RUNNING_COST,
      deadlineMs: values.QUERY_DEADLINE_MS,
      readRows: values.MAX_READ_ROWS,
      readBytes: values.MAX_READ_BYTES,
      runningBytes: values.MAX_RUNNING_BYTES,
      answerBytes: values.MAX_ANSWER_BYTES,
      readCells: values.MAX_READ_CELLS,
      exports: values.MAX_EXPORTS,
      exportDeadlineMs: values.EXPORT_DEADLINE_MS,
    },
    quotas: { key: readQuotas(values, 'KEY'), address: readQuotas(values, 'ADDRESS') },
    trustedProxies: values.TRUSTED_PROXIES ?? [],
    trustedDocuments: {
      file: values.TRUSTED_DOCUMENTS ?? null,
      only: values.TRUSTED_DOCUMENTS_ONLY === 'true',
    },
    corsOrigins: values.CORS_ORIGINS ?? [],
    dashboard: values.DASHBOARD === 'true',
    graphiql: values.GRAPHIQL === undefined ? values.NODE_ENV !== 'production' : values.GRAPHIQL === 'true',
    log: { level: values.LOG_LEVEL, format: values.LOG_FORMAT ?? (isTerminal ? 'pretty' : 'json') },
    shutdownGraceMs: values.SHUTDOWN_GRACE_MS,
  };
}

function readMailConfig({ SMTP_URL: server, SMTP_FROM: from }: VariableValues): MailConfig | null {
  return server === undefined || from === undefined ? null : { server, from };
}

/** Reads every variable. Null if one is invalid; `problems` then says which. */
function readValues(
  environment: Readonly<Record<string, string | undefined>>,
  problems: string[],
): VariableValues | null {
  const before = problems.length;
  const values = entriesOf<VariableName, Variable<unknown>>(variables).map(([name, variable]) => [
    name,
    readValue(name, variable, environment[name], problems),
  ]);
  return problems.length > before ? null : Object.fromEntries(values);
}

function readValue(
  name: VariableName,
  variable: Variable<unknown>,
  given: string | undefined,
  problems: string[],
): unknown {
  const text = given === undefined || given === '' ? variable.default : given;
  if (text === undefined) return undefined;
  const parsed = variable.schema.safeParse(text);
  if (parsed.success) return parsed.data;
  const shown = variable.secret === true ? '***' : withoutPassword(text);
  problems.push(`${name}=${shown}: must be ${variable.expected}.`);
  return undefined;
}

const PASSWORD_IN_URL = /(\/\/[^:/@]*):[^@]*@/;

/** The value without the password of a URL, safe for a terminal or a log. */
export function withoutPassword(value: string): string {
  return value.replace(PASSWORD_IN_URL, '$1:***@');
}

/**
 * A compressed body and its text are in memory together, and an eighth of the budget is reserved
 * for small bodies.
 */
const MIN_BUDGET_OF_BODY = 2.5;

/** Problems that only show in a combination of variables. */
function contradictions(values: VariableValues): string[] {
  const problems: string[] = [];
  if (values.SMTP_URL !== undefined && values.SMTP_FROM === undefined) {
    problems.push('SMTP_FROM: must be set together with SMTP_URL, as the sender of the e-mails.');
  }
  if (values.SMTP_URL === undefined && values.SMTP_FROM !== undefined) {
    problems.push('SMTP_URL: must be set together with SMTP_FROM, as the server that sends the e-mails.');
  }
  if (values.TRUSTED_DOCUMENTS_ONLY === 'true' && values.TRUSTED_DOCUMENTS === undefined) {
    problems.push(
      'TRUSTED_DOCUMENTS: must be set if TRUSTED_DOCUMENTS_ONLY=true: otherwise, the server would ' +
        'accept no query.',
    );
  }
  const longest = Math.max(values.MAX_BODY_BYTES, values.MAX_INGEST_BODY_BYTES);
  if (values.REQUEST_BUDGET_BYTES < MIN_BUDGET_OF_BODY * longest) {
    problems.push(
      `REQUEST_BUDGET_BYTES=${values.REQUEST_BUDGET_BYTES}: must be at least ${MIN_BUDGET_OF_BODY} times ` +
        `the largest body, which is ${longest} (MAX_BODY_BYTES, MAX_INGEST_BODY_BYTES).`,
    );
  }
  return [...problems, ...databaseProblems(values), ...healthProblems(values)];
}
