import { boolean, enumeration, float, integer, money, text } from '../../core/dataset/column.ts';
import type { EventColumns } from '../../core/dataset/event-columns.ts';
import { SESSION_COLUMN, WORK_COLUMNS } from '../../core/dataset/work.ts';
import { COST_PROBLEMS } from './cost-problems.ts';
import { SERVICE_TIERS } from './service-tiers.ts';

/**
 * Columns that were added later. They are the last measures, because cells hold measures by
 * position. The ones that few calls have come last of all.
 */
const TOKEN_PART_COLUMNS = {
  cacheWritePromptTokens: integer({
    role: 'measure',
    optional: true,
    description:
      'Tokens of the prompt that the provider wrote to its cache. They are part of `promptTokens`, ' +
      'in addition to `cachedPromptTokens`; if the two together exceed `promptTokens`, the event ' +
      'is rejected.',
  }),
  reasoningTokens: integer({
    role: 'measure',
    optional: true,
    description:
      'Tokens that the model used for reasoning before it answered. They are part of ' +
      '`completionTokens`; a larger number is rejected.',
  }),
  toolCallCount: integer({
    role: 'measure',
    optional: true,
    description: 'Number of tool calls that the answer requested.',
  }),
  audioPromptTokens: integer({
    role: 'measure',
    optional: true,
    description: 'Tokens of audio in the prompt. They are part of `promptTokens`.',
  }),
  audioCompletionTokens: integer({
    role: 'measure',
    optional: true,
    description: 'Tokens of audio in the answer. They are part of `completionTokens`.',
  }),
  imagePromptTokens: integer({
    role: 'measure',
    optional: true,
    description:
      'Tokens of images in the prompt. They are part of `promptTokens`, and do not overlap with ' +
      '`audioPromptTokens`.',
  }),
};

const SAVED_COST_SOURCES = {
  REPORTED: 'The client sent it. `recomputeCosts` leaves it as it is.',
  COMPUTED:
    'The server computed it from tokens and the price book, or tried to: null means that it could not.',
};

/** The columns of a call to a language model. */
export const LLM_CALL_COLUMNS = {
  provider: text({
    verbatim: true,
    role: 'dimension',
    description: 'Who serves the model, for example "openai".',
  }),
  model: text({
    verbatim: true,
    role: 'dimension',
    description: 'The model, as the provider names it, for example "gpt-4o-mini".',
  }),
  operation: text({
    role: 'dimension',
    default: 'chat',
    description: 'The type of operation: chat, completion, embedding, … Default: "chat".',
  }),
  origin: text({
    role: 'dimension',
    default: 'unknown',
    description: 'Where the call came from: an app, a proxy, a job. Default: "unknown".',
  }),
  endUser: text({
    role: 'dimension',
    manyValues: true,
    optional: true,
    description: 'The user on whose behalf the call was made.',
  }),
  ...SESSION_COLUMN,
  ...WORK_COLUMNS,
  promptVersion: text({
    role: 'dimension',
    optional: true,
    description: 'The version of the prompt or of its template, for example "triage@12".',
  }),
  serviceTier: enumeration('ServiceTier', SERVICE_TIERS, {
    role: 'dimension',
    optional: true,
    description:
      'The service tier that the provider charged for, which determines the price. Null if ' +
      'unknown: the call is priced as STANDARD.',
  }),
  success: boolean({
    role: 'dimension',
    source: 'client-or-server',
    description:
      'Whether the call succeeded. Default: true if there is no `errorType` and no `statusCode` of ' +
      '400 or more. True with such a status is rejected; true with an `errorType` is valid and ' +
      'means that the call recovered.',
  }),
  statusCode: integer({
    role: 'dimension',
    optional: true,
    min: 100,
    max: 599,
    description: 'HTTP status of the provider’s response.',
  }),
  cached: boolean({
    role: 'dimension',
    default: false,
    description: 'Whether a cache answered the call, without the provider. Default: false.',
  }),
  streaming: boolean({
    role: 'dimension',
    default: false,
    description: 'Whether the answer was streamed. Default: false.',
  }),
  finishReason: text({
    role: 'dimension',
    optional: true,
    description: 'Why the model stopped: stop, length, tool_calls, …',
  }),
  errorType: text({
    role: 'dimension',
    optional: true,
    description: 'Class of the failure, for example "rate_limit".',
  }),
  errorMessage: text({
    optional: true,
    maxLength: 4000,
    truncate: true,
    description: 'The failure in words. Secrets are masked.',
  }),
  promptTokens: integer({
    role: 'measure',
    default: 0,
    description: 'Tokens of the prompt, cached ones included. Default: 0.',
  }),
  completionTokens: integer({
    role: 'measure',
    default: 0,
    description: 'Tokens of the answer. Default: 0.',
  }),
  cachedPromptTokens: integer({
    role: 'measure',
    optional: true,
    description:
      'Tokens of the prompt that the provider read from its cache. They are part of ' +
      '`promptTokens`; a larger number is rejected.',
  }),
  totalTokens: integer({
    role: 'measure',
    source: 'client-or-server',
    quantiles: true,
    description:
      'Tokens of prompt and answer. Default: `promptTokens` + `completionTokens`. A smaller number ' +
      'is rejected.',
  }),
  cost: money({
    role: 'measure',
    optional: true,
    quantiles: true,
    description:
      'Cost in USD. If omitted in the input, the server computes it from the price book, provided ' +
      'that the book has the provider and model; for a call that a cache answered (`cached`) or ' +
      'that failed with a `statusCode` of 400 or more, it is 0. Null means unknown, never free. It ' +
      'is also null if no tokens are known, or if only `totalTokens` is known and the model ' +
      'charges separately for answers.',
  }),
  costSource: enumeration(
    'CostSource',
    {
      REPORTED: 'The client sent the cost.',
      COMPUTED: 'The server computed it from tokens and the price book.',
      UNKNOWN: 'Neither applies: the cost is null.',
    },
    { source: 'server', description: 'The source of `cost`.' },
  ),
  latencyMs: float({
    role: 'measure',
    optional: true,
    quantiles: true,
    description:
      'Time to the complete answer, in milliseconds. Null if the sender did not know it. Averages ' +
      'and quantiles cover only calls with a latency.',
  }),
  timeToFirstTokenMs: float({
    role: 'measure',
    optional: true,
    quantiles: true,
    description: 'Milliseconds to the first token.',
  }),
  timeToLastTokenMs: float({
    role: 'measure',
    optional: true,
    description: 'Milliseconds to the last token.',
  }),
  tokensPerSecond: float({
    role: 'measure',
    optional: true,
    description: 'Completion tokens per second during generation.',
  }),
  maxTokens: integer({ optional: true, description: 'The requested limit on completion tokens.' }),
  temperature: float({ optional: true, max: 100, description: 'Sampling temperature.' }),
  topP: float({ optional: true, max: 1, description: 'Nucleus sampling mass, 0 to 1.' }),
  messageCount: integer({
    role: 'measure',
    optional: true,
    description: 'Number of messages in the prompt.',
  }),
  savedCost: money({
    role: 'measure',
    optional: true,
    description:
      'USD that caches saved. If omitted in the input, the server computes it from the price book: ' +
      'for a call that a cache answered (`cached`), what it would have cost; for prompt tokens ' +
      'that the provider read from its cache, the difference from their full price; 0 for all ' +
      'other calls. Null means unknown, for example for calls that were recorded before this field ' +
      'existed.',
  }),
  costProblem: enumeration('CostProblem', COST_PROBLEMS, {
    role: 'dimension',
    optional: true,
    source: 'server',
    description:
      'Why `cost` is unknown. Null if it is known, or if the call was recorded before this field ' +
      'existed; `recomputeCosts` fills it in.',
  }),
  savedCostSource: enumeration('SavedCostSource', SAVED_COST_SOURCES, {
    optional: true,
    source: 'server',
    description:
      'The source of `savedCost`, which need not be that of `cost`. Null: the call was recorded before this ' +
      'field existed.',
  }),
  ...TOKEN_PART_COLUMNS,
};

/** All columns of a call. */
export type LlmCallColumns = EventColumns<typeof LLM_CALL_COLUMNS, true>;
