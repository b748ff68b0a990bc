import type { EventQuestion } from '../../src/alerting/rules/rule.ts';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import { fromSource } from '../lib/paths.ts';

const { llmCalls } = await fromSource<{ llmCalls: Dataset }>('declarations/llm/llm-calls.ts');

const pace = await fromSource<typeof import('../../src/alerting/rules/pace.ts')>('alerting/rules/pace.ts');

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The windows of the rules, by the labels of their rows in the table. */
export const WINDOWS = {
  PT1M: MINUTE,
  PT5M: 5 * MINUTE,
  PT1H: HOUR,
  PT6H: 6 * HOUR,
  P1D: 24 * HOUR,
} as const;
const NUMBERS: readonly Pick<EventQuestion, 'aggregate' | 'measure' | 'quantile'>[] = [
  { aggregate: 'COUNT', measure: null, quantile: null },
  { aggregate: 'ERROR_RATE', measure: null, quantile: null },
  { aggregate: 'AVG', measure: 'latencyMs', quantile: null },
  { aggregate: 'QUANTILE', measure: 'latencyMs', quantile: 0.95 },
  { aggregate: 'SUM', measure: 'cost', quantile: null },
];
const GROUPINGS: readonly (readonly string[])[] = [[], ['provider'], ['service', 'environment'], ['endUser']];

/** Twenty questions per window: five aggregates, of all calls and of three groupings. */
export function questionsWith(windowMs: number): EventQuestion[] {
  return GROUPINGS.flatMap((groupBy) =>
    NUMBERS.map((number) => ({
      ...number,
      groupBy,
      dataset: llmCalls,
      filter: null,
      windowMs,
      minimumCount: 0,
    })),
  );
}

/** Milliseconds between two evaluations of a rule while events arrive. */
export const paceOf = (windowMs: number): number => pace.paceOf(windowMs).afterEventsMs;
