import { fromSource } from '../lib/paths.ts';

const { Sqlite } = await fromSource<typeof import('../../src/storage/dialect/sqlite/driver.ts')>(
  'storage/dialect/sqlite/driver.ts',
);

/** A call as the list returns it. */
export interface Call {
  readonly id: string;
  readonly timestamp: string;
  readonly success: boolean;
  readonly cost: number | null;
  readonly [field: string]: unknown;
}

interface CallRow {
  readonly id: string;
  readonly timestamp: number;
  readonly success: number;
  readonly costNanoUsd: number | null;
}

/**
 * Reads the list with one prepared statement on Telltale's own table, in this process, like a
 * server written for this one question.
 */
export function openCallList(file: string): { newest(count: number): Call[]; close(): void } {
  const connection = new Sqlite(file, { readonly: true, fileMustExist: true });
  const statement = connection.prepare<[number], CallRow>(
    `select id, timestamp, service, environment, provider, model, success, prompt_tokens as promptTokens,
       completion_tokens as completionTokens, total_tokens as totalTokens, cost_nano_usd as costNanoUsd, latency_ms as latencyMs
     from llm_calls where project_id = 'default' order by timestamp desc, id desc limit ?`,
  );
  return {
    newest: (count) =>
      statement.all(count).map(({ id, timestamp, success, costNanoUsd, ...rest }) => ({
        ...rest,
        id: `LlmCall:${id}`,
        timestamp: new Date(timestamp).toISOString(),
        success: success !== 0,
        cost: costNanoUsd === null ? null : costNanoUsd / 1e9,
      })),
    close: () => connection.close(),
  };
}
