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
      'Tokens of the prompt that the provider wrote to its cache. They are part of `promptTokens`, beside ' +
      '`cachedPromptTokens`: more than the prompt has besides those is rejected.',
  }),
  reasoningTokens: integer({
    role: 'measure',
    optional: true,
    description:
      'Tokens with which the model thought before it answered. They are part of `completionTokens`; a ' +
      'larger number is rejected.',
  }),
  toolCallCount: integer({
    role: 'measure',
    optional: true,
    description: 'Number of calls of tools that the answer asked for.',
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
    description: 'Tokens of images in the prompt. They are part of `promptTokens`, and no tokens of audio.',
  }),
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
    description: 'chat, completion, embedding, … Default: "chat".',
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
      'The class of service that the provider charged for, which decides the price. Null: not known; it is ' +
      'priced as STANDARD.',
  }),
  success: boolean({
    role: 'dimension',
    source: 'client-or-server',
    description:
      'Default: true if there is no `errorType` and no `statusCode` of 400 or more. ' +
      'True with such a status is rejected; true with an `errorType` is valid: the call ' +
      'recovered.',
  }),
  statusCode: integer({
    role: 'dimension',
    optional: true,
    min: 100,
    max: 599,
    description: 'HTTP status of the provider.',
  }),
  cached: boolean({
    role: 'dimension',
    default: false,
    description: 'Answered from a cache, without the provider. Default: false.',
  }),
  streaming: boolean({
    role: 'dimension',
    default: false,
    description: 'The answer was streamed. Default: false.',
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
    description: 'Default: `promptTokens` + `completionTokens`. A smaller number is rejected.',
  }),
  cost: money({
    role: 'measure',
    optional: true,
    quantiles: true,
    description:
      'USD. If omitted in the input: computed from the price book if it has the ' +
      'provider and model, and 0 for a call that a cache answered (`cached`) or that ' +
      'failed with a `statusCode` of 400 or more. Null means unknown, never free. It is ' +
      'also null if no tokens are known, or only `totalTokens` for a model that charges ' +
      'separately for answers.',
  }),
  costSource: enumeration(
    'CostSource',
    {
      REPORTED: 'The client sent the cost.',
      COMPUTED: 'The server computed it from tokens and the price book.',
      UNKNOWN: 'Neither: the cost is null.',
    },
    { source: 'server', description: 'The source of `cost`.' },
  ),
  latencyMs: float({
    role: 'measure',
    optional: true,
    quantiles: true,
    description:
      'Time to the complete answer, in milliseconds. Null: the sender did not know it. Averages and ' +
      'quantiles are of the calls that have one.',
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
    description: 'Completion tokens per second while generating.',
  }),
  maxTokens: integer({ optional: true, description: 'The requested limit on completion tokens.' }),
  temperature: float({ optional: true, max: 100, description: 'Sampling temperature.' }),
  topP: float({ optional: true, max: 1, description: 'Nucleus sampling mass, 0 to 1.' }),
  messageCount: integer({ role: 'measure', optional: true, description: 'Messages in the prompt.' }),
  savedCost: money({
    role: 'measure',
    optional: true,
    description:
      'USD that caches saved. If omitted in the input: computed from the price book. ' +
      'For a call that a cache answered (`cached`), what it would have cost; for prompt ' +
      'tokens that the provider read from its cache, the difference to their full ' +
      'price; 0 for all other calls. Null means unknown, as for calls that were ' +
      'recorded before this field existed.',
  }),
  costProblem: enumeration('CostProblem', COST_PROBLEMS, {
    role: 'dimension',
    optional: true,
    source: 'server',
    description:
      'Why `cost` is unknown. Null: it is known, or the call was recorded before this field existed; ' +
      '`recomputeCosts` fills it in.',
  }),
  ...TOKEN_PART_COLUMNS,
};

/** All columns of a call. */
export type LlmCallColumns = EventColumns<typeof LLM_CALL_COLUMNS, true>;
