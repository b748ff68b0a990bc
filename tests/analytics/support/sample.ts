import type { ColumnValue } from '../../../src/core/dataset/column.ts';
import type { Row } from '../../../src/core/dataset/row.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';

/** A row of llmCalls, with plain values for omitted ones. */
export function llmCall(values: Readonly<Record<string, ColumnValue>>): Row {
  const row: Record<string, ColumnValue> = {
    projectId: '',
    id: '00000000-0000-4000-8000-000000000000',
    receivedAt: values.timestamp ?? 0,
    provider: 'openai',
    model: 'gpt-4o-mini',
    operation: 'chat',
    origin: 'app',
    success: true,
    cached: false,
    streaming: false,
    promptTokens: 0,
    completionTokens: 0,
    totalTokens: 0,
    costSource: 'REPORTED',
    latencyMs: 0,
    ...values,
  };
  return llmCalls.columns.map((column) => row[column.name] ?? null);
}

export const uuidOf = (number: number): string =>
  `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

const PROVIDERS = ['openai', 'anthropic', 'google'];
const MODELS = ['large', 'small', 'tiny', 'vision', 'embed'];

/**
 * Calls on several days, one every 97 minutes and some seconds, computed so that they are the same
 * in every run and on every database.
 */
export function sampleCalls(from: number, count: number): Row[] {
  return Array.from({ length: count }, (_, index) => {
    const failed = index % 11 === 3;
    const tokens = (index * 37) % 1000;
    return llmCall({
      id: uuidOf(index),
      timestamp: from + index * 5_837_041,
      service: index % 4 === 0 ? null : 'api',
      provider: PROVIDERS[(index * 7) % 3] as string,
      model: MODELS[(index * index) % 5] as string,
      endUser: index % 5 === 0 ? null : `user-${(index * 13) % 17}`,
      success: !failed,
      statusCode: failed ? 429 : 200,
      errorType: failed ? 'rate_limit' : null,
      errorMessage: failed ? 'You used 100% of a_quota' : null,
      cached: index % 6 === 0,
      promptTokens: tokens,
      totalTokens: tokens,
      cost: index % 8 === 0 ? null : tokens * 150,
      latencyMs: index % 9 === 0 ? 0 : 120 + ((index * 7919) % 4000) / 4,
    });
  });
}
