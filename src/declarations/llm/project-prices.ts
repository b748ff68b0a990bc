import { enumeration, json, money, text, timestamp } from '../../core/dataset/column.ts';
import { NOT_BLANK } from '../../core/dataset/not-blank.ts';
import { defineState } from '../../core/dataset/state.ts';
import { SERVICE_TIERS } from './service-tiers.ts';

/** With it, even the largest call that can be recorded has a cost that can be stored. */
const MAX_USD_PER_MILLION = 2_000;
const MAX_USD_PER_CALL = 1_000;

const perMillion = (description: string) =>
  money({ optional: true, max: MAX_USD_PER_MILLION, description: `USD per million tokens: ${description}` });

/** The prices that projects have set. */
export const projectPrices = defineState({
  name: 'projectPrices',
  entity: 'ProjectPrice',
  table: 'project_prices',
  description:
    'A price of a model that the project has set (`setPrice`). It takes precedence over the prices ' +
    'of `PRICES_FILE` and of the price list. If several apply at a time, the one that began last ' +
    'wins.',
  naturalKey: 'identity',
  columns: {
    identity: text({
      verbatim: true,
      hidden: true,
      maxLength: 4_000,
      description: 'What a new price replaces: the names, the service tier and the beginning, as one text.',
    }),
    provider: text({
      verbatim: true,
      sortable: true,
      pattern: NOT_BLANK,
      description: 'Who serves the model, as in `llmCalls`, for example "openai". Case does not matter.',
    }),
    model: text({
      verbatim: true,
      sortable: true,
      pattern: NOT_BLANK,
      description:
        'The model, as in `llmCalls`: the whole name, for example "gpt-4o-mini". Case does not matter.',
    }),
    serviceTier: enumeration('ServiceTier', SERVICE_TIERS, {
      default: 'STANDARD',
      description:
        'The price applies to calls in this tier. Calls without a tier are STANDARD. Default: STANDARD.',
    }),
    validFrom: timestamp({
      optional: true,
      description: 'The price applies to calls from this time on. Null: to all calls before `validTo`.',
    }),
    validTo: timestamp({
      optional: true,
      description: 'The price applies to calls before this time. Null: until another price begins.',
    }),
    input: perMillion('the prompt. A price needs this or `output`.'),
    cachedInput: perMillion('`cachedPromptTokens`. Null: the price of the rest of the prompt applies.'),
    cacheWrite: perMillion('`cacheWritePromptTokens`. Null: the price of the rest of the prompt applies.'),
    audioInput: perMillion('`audioPromptTokens`. Null: the price of the rest of the prompt applies.'),
    imageInput: perMillion('`imagePromptTokens`. Null: the price of the rest of the prompt applies.'),
    output: perMillion('the answer. Null: the price of answers is unknown, as for embeddings.'),
    reasoning: perMillion('`reasoningTokens`. Null: the price of the rest of the answer applies.'),
    audioOutput: perMillion('`audioCompletionTokens`. Null: the price of the rest of the answer applies.'),
    perCall: money({
      optional: true,
      max: MAX_USD_PER_CALL,
      description: 'USD per call, in addition to its tokens. Null: nothing.',
    }),
    contextTiers: json({
      verbatim: true,
      anyJson: true,
      optional: true,
      description:
        'Other prices for long prompts: if a call has more than `above` prompt tokens, they apply ' +
        'to all of its tokens. A price that a tier omits stays as in the tier below. For example ' +
        '[{"above": 200000, "input": 6, "output": 22.5}].',
    }),
    note: text({
      optional: true,
      maxLength: 1_000,
      description: 'The reason, for example the number of a contract.',
    }),
    setBy: text({
      optional: true,
      source: 'server',
      description: 'The id of the API key that set the price; null if the server requires no key.',
    }),
  },
});
