import type pg from 'pg';
import { defined } from '../../../core/defined.ts';
import { isObject } from '../../../core/is-object.ts';
import { useUtc } from './types.ts';

/** `query` of `pg`, in the one form of many in which it is called here. */
export type Ask = (config: unknown, values?: unknown) => Promise<pg.QueryResult>;

export const askerOf = (client: { query: Ask }): Ask => client.query.bind(client);

/** A connection of a pool, from the point of view of its statements. */
export interface Session {
  /** The database process that works for it; null: a pooler has not assigned one yet. */
  readonly processId: number | null;
  run(config: unknown, values: unknown, around: Around): Promise<pg.QueryResult>;
}

/** What happens before and after a statement. */
export interface Around {
  /** Called when the statement is sent, unless sending fails. */
  enter(): void;
  /**
   * Awaited before the process may work for another caller. If it throws, so does the statement.
   */
  leave(): Promise<void>;
}

/**
 * Safety net beyond the deadlines of operations, in milliseconds. It ends what a killed process
 * left behind.
 */
export interface SessionLimits {
  readonly statementMs: number;
  readonly idleInTransactionMs: number;
}

const PROCESS_ID = 'select pg_backend_pid() as pid';

/**
 * A session that lasts as long as its connection. Its limits are parameters of the connection.
 *
 * @param processId as reported by the database; a pooler, in whatever mode, makes its own key to
 *   cancel
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
 * A session behind a pooler in transaction mode: each transaction may have another database
 * process, and settings last as long as the transaction. So every statement gets a transaction that
 * begins with all the settings it needs. That costs two more round trips to the pooler.
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
      // The driver returns a list for several statements.
      const results = [await ask(`${statement}; ${settings}`)].flat();
      processId = Number(results.at(-1)?.rows[0].pid);
      return defined(results[0]);
    } catch (error) {
      // A transaction may have begun, and all later statements of the connection would fail in it.
      await abandon();
      throw error;
    }
  }

  /**
   * After a failure, the driver may have an outdated view of the transaction. The answer to this
   * statement corrects it.
   */
  async function abandon(): Promise<void> {
    processId = null;
    await ask('rollback').catch(() => undefined);
  }

  async function end(how: 'commit' | 'rollback'): Promise<void> {
    if (isOutside(client)) return;
    try {
      await ask(how);
    } catch (error) {
      // The original failure says more. The database rolls back the transaction of a lost
      // connection.
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
        // Its process now works for others, and must not be cancelled.
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
