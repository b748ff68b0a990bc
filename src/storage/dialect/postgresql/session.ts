import type pg from 'pg';
import { defined } from '../../../core/defined.ts';
import { isObject } from '../../../core/is-object.ts';
import { useUtc } from './types.ts';

/** `query` of `pg` in the one form in which it is called here, of the many that it has. */
export type Ask = (config: unknown, values?: unknown) => Promise<pg.QueryResult>;

export const askerOf = (client: { query: Ask }): Ask => client.query.bind(client);

/** A connection of a pool, by what runs its statements. */
export interface Session {
  /** The process of the database that works for it; null: a pooler has not given it one. */
  readonly processId: number | null;
  run(config: unknown, values: unknown, around: Around): Promise<pg.QueryResult>;
}

/** What comes before a statement and after it. */
export interface Around {
  /** Called when the statement is sent, unless it cannot be. */
  enter(): void;
  /** Awaited before the process may work for somebody else. If it throws, so does the statement. */
  leave(): Promise<void>;
}

/** Net below the deadlines of operations, in milliseconds. It ends what a killed process left. */
export interface SessionLimits {
  readonly statementMs: number;
  readonly idleInTransactionMs: number;
}

const PROCESS_ID = 'select pg_backend_pid() as pid';

/**
 * A session that lasts as long as its connection. Its limits are parameters of the connection.
 *
 * @param processId what the database says: a pooler, in whatever mode, makes its own key to cancel
 */
export async function openOwnSession(
  client: pg.ClientBase,
  { processId }: Pick<Session, 'processId'>,
): Promise<Session> {
  const ask = askerOf(client);
  await useUtc(client);
  return { processId, run: (config, values, around) => runWithin(ask, config, values, around) };
}

const COMMITS = /^\s*commit\b/i;
const BEGINS = /^\s*(?:begin|start\s+transaction)\b/i;

/**
 * A session behind a pooler in transaction mode: each transaction may have another process of the
 * database, and what is set lasts as long as the transaction. So every statement has one, which
 * begins with all that it depends on. That costs two more round trips to the pooler.
 */
export function openPooledSession(client: pg.ClientBase, limits: SessionLimits): Session {
  const ask = askerOf(client);
  const settings =
    `set local time zone 'UTC'; set local statement_timeout = ${limits.statementMs}; ` +
    `set local idle_in_transaction_session_timeout = ${limits.idleInTransactionMs}; ${PROCESS_ID}`;
  let processId: number | null = null;

  /** Its result is that of the first statement, as if there were no other. */
  async function begin(statement: string): Promise<pg.QueryResult> {
    try {
      // The driver answers several statements with a list.
      const results = [await ask(`${statement}; ${settings}`)].flat();
      processId = Number(results.at(-1)?.rows[0].pid);
      return defined(results[0]);
    } catch (error) {
      // It may have begun: all later statements of the connection would fail in it.
      await abandon();
      throw error;
    }
  }

  /** After a failure, the driver may know of the transaction what was so before: this answer ends that. */
  async function abandon(): Promise<void> {
    processId = null;
    await ask('rollback').catch(() => undefined);
  }

  async function end(how: 'commit' | 'rollback'): Promise<void> {
    if (isOutside(client)) return;
    try {
      await ask(how);
    } catch (error) {
      // After a failure, the failure itself says more. The database rolls back what has lost its connection.
      if (how === 'rollback') return;
      await abandon();
      throw error;
    } finally {
      processId = null;
    }
  }

  async function runAlone(config: unknown, values: unknown, around: Around) {
    let how: 'commit' | 'rollback' = 'rollback';
    try {
      try {
        await begin('begin');
      } catch (error) {
        await around.leave();
        throw error;
      }
      const result = await runWithin(ask, config, values, around);
      how = 'commit';
      return result;
    } finally {
      await end(how);
    }
  }

  return {
    get processId() {
      return processId;
    },
    async run(config, values, around) {
      const text = textOf(config);
      if (isOutside(client)) return BEGINS.test(text) ? begin(text) : runAlone(config, values, around);
      try {
        const result = await runWithin(ask, config, values, around);
        if (isOutside(client)) processId = null;
        return result;
      } catch (error) {
        // Its process works for others now, and must not be cancelled.
        if (COMMITS.test(text)) await abandon();
        throw error;
      }
    },
  };
}

async function runWithin(ask: Ask, config: unknown, values: unknown, { enter, leave }: Around) {
  try {
    enter();
    return await ask(config, values);
  } finally {
    await leave();
  }
}

/** Whether no transaction has begun. */
const isOutside = (client: pg.ClientBase): boolean => (client.getTransactionStatus() ?? 'I') === 'I';

export function textOf(config: unknown): string {
  return String(isObject(config) ? config['text'] : config);
}
