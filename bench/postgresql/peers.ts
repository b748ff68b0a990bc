import { Agent } from 'node:http';
import pg from 'pg';
import { postGraphql } from '../analytics/peers.ts';
import type { AnswerRow } from '../analytics/questions.ts';
import type { PostgresqlQuestion } from './questions.ts';

/** Something that answers the questions. */
export interface PostgresqlPeer {
  answer(question: PostgresqlQuestion): Promise<AnswerRow[]>;
  close(): void | Promise<void>;
}

/** Creates the functions that PostGraphile serves, in a separate schema. */
export async function createFunctions(url: string, questions: readonly PostgresqlQuestion[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('create schema bench');
    for (const { functionName, sql } of questions) {
      await client.query(
        `create function bench.${functionName}(from_ms float8, to_ms float8) returns json language sql stable begin atomic;
         select json_agg(answer) from (${sql}) as answer (key, exact, quantiles); end`,
      );
    }
    await client.query('analyze');
  } finally {
    await client.end();
  }
}

/** PostGraphile, over HTTP. */
export function createPostgraphile(url: string): PostgresqlPeer {
  const agent = new Agent({ keepAlive: true });
  return {
    async answer({ functionName, from, to }) {
      const name = functionName.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
      const query = `{ ${name}(fromMs: ${from}, toMs: ${to}) }`;
      const found = (await postGraphql(agent, url, query)) as Record<string, AnswerRow[]>;
      return found[name] ?? [];
    },
    close: () => agent.destroy(),
  };
}

export interface SqlPeer extends PostgresqlPeer {
  /** The latencies of each key, sorted. */
  sortedValues(question: PostgresqlQuestion): Promise<Map<string, number[]>>;
}

/** The same SQL with `pg`, in the process of the benchmark. */
export async function createSql(url: string): Promise<SqlPeer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const within = (sql: string, { from, to }: PostgresqlQuestion) =>
    sql.replaceAll('from_ms', `${from}::float8`).replaceAll('to_ms', `${to}::float8`);
  return {
    async answer(question) {
      const text = within(question.sql, question);
      const { rows } = await client.query<[string, number[], number[]]>({ text, rowMode: 'array' });
      return rows.map(([key, exact, quantiles]) => ({ key, exact, quantiles }));
    },
    async sortedValues(question) {
      if (question.sqlOfValues === '') return new Map();
      const text = within(question.sqlOfValues, question);
      const { rows } = await client.query<[string, number[]]>({ text, rowMode: 'array' });
      return new Map(rows);
    },
    close: () => client.end(),
  };
}
