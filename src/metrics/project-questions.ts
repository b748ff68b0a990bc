import type { MeasureStats, Stats } from '../analytics/spec.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { llmCalls } from '../declarations/llm/llm-calls.ts';
import { errorLogs } from '../declarations/traffic/error-logs.ts';
import { requestLogs } from '../declarations/traffic/request-logs.ts';

/** One counter of a question. */
export interface Counted {
  readonly name: string;
  readonly help: string;
  /** A label that distinguishes counters with the same name. */
  readonly own?: { readonly [label: string]: string };
  of(stats: Stats): number;
}

/** What one reading of a dataset answers: groups by these dimensions, which become labels. */
export interface ProjectQuestion {
  readonly dataset: Dataset;
  readonly dimensions: readonly string[];
  readonly measures: readonly string[];
  readonly counters: readonly Counted[];
}

const CALLS = 'telltale_llm_calls_total';
const TOKENS = 'telltale_llm_tokens_total';
const REQUESTS = 'telltale_service_requests_total';

const succeeded = ({ rowCount, successCount }: Stats): number => successCount ?? rowCount;
const failed = (stats: Stats): number => stats.rowCount - succeeded(stats);
const measure = (stats: Stats, name: string): Partial<MeasureStats> => stats.measures.get(name) ?? {};
const sumOf = (stats: Stats, name: string): number => measure(stats, name).sum ?? 0;

/**
 * Each is answered from the cells of a day. None groups by end users, or by another dimension with
 * unlimited values.
 */
export const PROJECT_QUESTIONS: readonly ProjectQuestion[] = [
  {
    dataset: llmCalls,
    dimensions: ['provider', 'model', 'service'],
    measures: ['cost', 'promptTokens', 'completionTokens'],
    counters: [
      { name: CALLS, help: 'Calls to language models.', own: { outcome: 'success' }, of: succeeded },
      { name: CALLS, help: 'Calls to language models.', own: { outcome: 'error' }, of: failed },
      {
        name: 'telltale_llm_cost_usd_total',
        help: 'Known cost, in USD.',
        of: (stats) => sumOf(stats, 'cost'),
      },
      {
        name: 'telltale_llm_unpriced_calls_total',
        help: 'Calls whose cost is unknown. Unknown does not mean free.',
        of: (stats) => stats.rowCount - (measure(stats, 'cost').count ?? 0),
      },
      {
        ...{ name: TOKENS, help: 'Tokens of prompts, cached ones included, and of completions.' },
        own: { type: 'prompt' },
        of: (stats) => sumOf(stats, 'promptTokens'),
      },
      {
        ...{ name: TOKENS, help: 'Tokens of prompts, cached ones included, and of completions.' },
        own: { type: 'completion' },
        of: (stats) => sumOf(stats, 'completionTokens'),
      },
    ],
  },
  {
    dataset: requestLogs,
    dimensions: ['service'],
    measures: [],
    counters: [
      { name: REQUESTS, help: 'Requests to services.', own: { outcome: 'success' }, of: succeeded },
      { name: REQUESTS, help: 'Requests to services.', own: { outcome: 'error' }, of: failed },
    ],
  },
  {
    dataset: errorLogs,
    dimensions: ['service'],
    measures: [],
    counters: [
      {
        name: 'telltale_service_errors_total',
        help: 'Errors that services reported.',
        of: ({ rowCount }) => rowCount,
      },
    ],
  },
];
