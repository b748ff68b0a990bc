import { randomUUID } from 'node:crypto';
import type { ColumnValue } from '../../../src/core/dataset/column.ts';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import type { Row } from '../../../src/core/dataset/row.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import type { EventGroup } from '../../../src/storage/store.ts';

export type Values = Readonly<Record<string, ColumnValue>>;

export const NOON = Date.parse('2026-11-20T12:00:00.000Z');

const CALL: Values = {
  projectId: 'default',
  timestamp: NOON,
  receivedAt: NOON + 250,
  provider: 'openai',
  model: 'gpt-4o',
  operation: 'chat',
  origin: 'test',
  success: true,
  cached: false,
  streaming: false,
  promptTokens: 100,
  completionTokens: 20,
  totalTokens: 120,
  cost: 450_000,
  costSource: 'COMPUTED',
  latencyMs: 812.5,
};

/** A row of a dataset: the given values, null elsewhere. */
export function rowOf(dataset: Dataset, values: Values): Row {
  return dataset.columns.map((column) => values[column.name] ?? null);
}

/** A row of `llmCalls` with its own id unless one is given. */
export function callRow(values: Values = {}): Row {
  return rowOf(llmCalls, { id: randomUUID(), ...CALL, ...values });
}

/** Calls as the events of one mutation. */
export function callGroup(...rows: readonly Row[]): EventGroup {
  return { parts: [{ dataset: llmCalls, rows }] };
}

export const idOf = (row: Row): string => row[llmCalls.at.id] as string;
