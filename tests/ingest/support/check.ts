import type { CompletionServices } from '../../../src/declarations/completion.ts';
import type { Problem } from '../../../src/ingest/problem.ts';
import { type CheckedTable, compileRowCheck, isRow } from '../../../src/ingest/row-check.ts';

export const NOW = Date.parse('2026-11-20T12:00:00.000Z');
export const ID = '0198c1a0-5a5e-7cc3-9e0c-6a2d1f0b7e11';
export const services: CompletionServices = {
  priceCall: ({ model, promptTokens, cachedPromptTokens }) =>
    model === 'gpt-4o' && cachedPromptTokens <= promptTokens
      ? promptTokens * 2_500 - cachedPromptTokens * 1_250
      : 'NO_PRICE',
};

/** The result of a check: the row of the event by column name, or its faults. */
export function check(
  dataset: CheckedTable,
  event: unknown,
  completion: CompletionServices = services,
): Record<string, unknown> | Problem {
  const result = compileRowCheck(dataset, { ids: { next: () => ID }, services: completion })(event, {
    projectId: 'shop',
    now: NOW,
    ipAddresses: 'FULL',
  });
  if (!isRow(result)) return result;
  return Object.fromEntries(dataset.columns.map((column) => [column.name, result[column.index]]));
}

/** The required fields of a call. */
export const CALL = { provider: 'openai', model: 'gpt-4o', latencyMs: 812.5 };
