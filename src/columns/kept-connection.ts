import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';

/** A connection for questions, with the statements that it has prepared. */
export interface QuestionConnection {
  readonly connection: DuckDBConnection;
  /**
   * The statement, prepared now or earlier. Preparing and planning a statement costs as much as
   * running a small one.
   */
  prepare(sql: string): Promise<DuckDBPreparedStatement>;
}

/** Lends connections. A connection runs one statement at a time. */
export interface QuestionConnections {
  take(): Promise<QuestionConnection>;
  /**
   * @param isSound whether its last statement was read to its end; otherwise the connection is
   *   closed
   */
  giveBack(taken: QuestionConnection, isSound: boolean): void;
  /** Closes the kept connection. */
  close(): void;
}

/** Dashboards ask the same few questions again and again. */
const MAX_STATEMENTS = 64;

/** Keeps one connection for the next question, because there is mostly one question at a time. */
export function createQuestionConnections(connect: () => Promise<DuckDBConnection>): QuestionConnections {
  let kept: QuestionConnection | null = null;
  let isClosed = false;
  return {
    async take() {
      const taken = kept;
      kept = null;
      return taken ?? preparing(await connect());
    },
    giveBack(taken, isSound) {
      if (isSound && kept === null && !isClosed) kept = taken;
      else taken.connection.closeSync();
    },
    close() {
      isClosed = true;
      kept?.connection.closeSync();
      kept = null;
    },
  };
}

function preparing(connection: DuckDBConnection): QuestionConnection {
  const statements = new Map<string, DuckDBPreparedStatement>();
  return {
    connection,
    async prepare(sql) {
      const statement = statements.get(sql) ?? (await connection.prepare(sql));
      // The map's order is that of last use.
      statements.delete(sql);
      statements.set(sql, statement);
      const [[oldest, unused] = []] = statements;
      if (statements.size > MAX_STATEMENTS && oldest !== undefined) {
        statements.delete(oldest);
        unused?.destroySync();
      }
      return statement;
    },
  };
}
