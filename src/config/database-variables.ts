import { text, wholeNumber } from './kinds.ts';

const POSTGRESQL_URL = /^postgres(ql)?:\/\/.+$/;
const EXPECTED = 'postgresql://…';

/** Further addresses of a PostgreSQL database. */
export const databaseVariables = {
  DATABASE_DIRECT_URL: {
    ...text('URL', EXPECTED, POSTGRESQL_URL),
    fallback: '`DATABASE_URL` is a direct connection',
    description:
      'A direct connection to the same database, if `DATABASE_URL` leads to a pooler in transaction mode ' +
      '(PgBouncer). Work that needs a session uses it: ingest, migrations, backups, the columnar copy. ' +
      'See docs/operations.md.',
  },
  DATABASE_READ_URL: {
    ...text('URL', EXPECTED, POSTGRESQL_URL),
    fallback: 'there is no replica',
    description:
      'A streaming replica of the database, without a pooler in between. It answers analytics, lists of ' +
      'events, searches of events and exports, as long as it is up and not too far behind. See ' +
      'docs/operations.md.',
  },
  DATABASE_READ_MAX_LAG_MS: {
    ...wholeNumber('milliseconds', 100, 24 * 60 * 60_000),
    default: '10000',
    description:
      'A replica that is further behind is not used until it has caught up; the primary answers instead.',
  },
  DATABASE_READ_WAIT_MS: {
    ...wholeNumber('milliseconds', 0, 60_000),
    default: '1000',
    description:
      'How long a query that asks for its own writes (`Telltale-Read-After`) waits for a replica to have them. ' +
      'After that the primary answers.',
  },
};

/** Where the database is, and its replica. */
export interface DatabaseConfig {
  readonly databaseUrl: string;
  /** The same database with persistent sessions: `databaseUrl`, unless that leads to a pooler. */
  readonly directUrl: string;
  /** Null if there is no replica. */
  readonly replica: ReplicaConfig | null;
}

export interface ReplicaConfig {
  readonly url: string;
  /** The replica answers nothing while it is further behind. */
  readonly maxLagMs: number;
  /** How long a query waits for the position that it must see. */
  readonly waitMs: number;
}

interface Values {
  readonly DATABASE_URL: string;
  readonly DATABASE_DIRECT_URL: string | undefined;
  readonly DATABASE_READ_URL: string | undefined;
  readonly DATABASE_READ_MAX_LAG_MS: number;
  readonly DATABASE_READ_WAIT_MS: number;
}

export function readDatabaseConfig(values: Values): DatabaseConfig {
  const url = values.DATABASE_READ_URL;
  return {
    databaseUrl: values.DATABASE_URL,
    directUrl: values.DATABASE_DIRECT_URL ?? values.DATABASE_URL,
    replica:
      url === undefined
        ? null
        : { url, maxLagMs: values.DATABASE_READ_MAX_LAG_MS, waitMs: values.DATABASE_READ_WAIT_MS },
  };
}

/** Problems of these variables in combination. */
export function databaseProblems(values: Values): string[] {
  if (!values.DATABASE_URL.startsWith('file:')) return [];
  return (['DATABASE_DIRECT_URL', 'DATABASE_READ_URL'] as const).flatMap((name) =>
    values[name] === undefined ? [] : [`${name}: is for PostgreSQL, but DATABASE_URL names an SQLite file.`],
  );
}

/** The environment with a different database, without the other addresses of the given one. */
export function withDatabase<Environment extends Readonly<Record<string, string | undefined>>>(
  environment: Environment,
  database: string | undefined,
): Environment {
  if (database === undefined) return environment;
  return { ...environment, DATABASE_URL: database, DATABASE_DIRECT_URL: '', DATABASE_READ_URL: '' };
}
