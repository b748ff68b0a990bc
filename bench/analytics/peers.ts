import { Agent, request } from 'node:http';
import { fromSource } from '../lib/paths.ts';
import { openDuck } from './duckdb.ts';
import type { AnswerRow, Question } from './questions.ts';

const { Sqlite } = await fromSource<typeof import('../../src/storage/dialect/sqlite/driver.ts')>(
  'storage/dialect/sqlite/driver.ts',
);

/** Something that answers the questions. */
export interface Peer {
  readonly name: 'ours' | 'sqlite' | 'duckdb';
  answer(question: Question): Promise<AnswerRow[]>;
  close(): void;
}

function toAnswer([key, ...numbers]: readonly unknown[], { quantiles }: Question): AnswerRow {
  const values = numbers.map(Number);
  const exact = values.length - quantiles.length;
  return { key: String(key), exact: values.slice(0, exact), quantiles: values.slice(exact) };
}

export interface Ours extends Peer {
  /** The source that answered the question last. */
  source(question: Question): string;
  /** Resolves when the columns answer these questions: the copy is made while the server runs. */
  waitForColumns(questions: readonly Question[]): Promise<void>;
}

const WAIT_FOR_COLUMNS_MS = 600_000;

/** Telltale over HTTP, as for clients. */
export function createOurs(url: string): Ours {
  const agent = new Agent({ keepAlive: true });
  const sources = new Map<string, string>();
  const source = ({ name }: Question) => sources.get(name) ?? '';
  async function answer(question: Question) {
    const data = await postGraphql(agent, url, question.graphql);
    const { source } = data.llmCallAnalytics as { source: Record<string, unknown> };
    sources.set(question.name, `${source.kind} ${source.grain} ${source.rowsRead}`);
    return question.read(data);
  }
  return {
    name: 'ours',
    answer,
    source,
    async waitForColumns(questions) {
      const last = performance.now() + WAIT_FOR_COLUMNS_MS;
      for (const question of questions) {
        while (!source(question).startsWith('COLUMNS')) {
          if (performance.now() > last) throw new Error(`${question.name}: ${source(question)}`);
          await answer(question);
        }
      }
    },
    close: () => agent.destroy(),
  };
}

/** Raw SQL on Telltale's own table, with its indexes, by better-sqlite3 in this process. */
export function createSqlite(file: string): Peer {
  const connection = new Sqlite(file, { readonly: true, fileMustExist: true });
  connection.pragma('mmap_size = 1073741824');
  connection.pragma('cache_size = -65536');
  connection.pragma('temp_store = MEMORY');
  return {
    name: 'sqlite',
    answer: async (question) => {
      const rows = connection.prepare(question.sqlite).raw().all() as unknown[][];
      return rows.map((row) => toAnswer(row, question));
    },
    close: () => connection.close(),
  };
}

/** DuckDB in this process, on all cores. */
export async function createDuckdb(
  count: number,
): Promise<Peer & { sortedValues(question: Question): Promise<Map<string, number[]>> }> {
  const duck = await openDuck(count);
  return {
    name: 'duckdb',
    answer: async (question) => (await duck.rows(question.duckdb)).map((row) => toAnswer(row, question)),
    async sortedValues({ duckdbValues }) {
      const rows = duckdbValues === '' ? [] : await duck.rows(duckdbValues);
      return new Map(rows.map(([key, values]) => [String(key), values as number[]]));
    },
    close: () => duck.close(),
  };
}

/**
 * Returns `data` of the answer.
 *
 * @throws Error if the answer has errors
 */
export function postGraphql(agent: Agent, url: string, query: string): Promise<Record<string, unknown>> {
  const body = JSON.stringify({ query });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { data, errors } = JSON.parse(text);
        if (errors !== undefined || !data) reject(new Error(text.slice(0, 1000)));
        else resolve(data);
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
