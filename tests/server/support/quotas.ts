import { llmCall } from '../../support/events.ts';

export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;

/** Records `count` events whose ids have numbers from `from` on. */
export const events = (from: number, count: number) => ({
  query: 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted duplicates } }',
  variables: { input: Array.from({ length: count }, (_, at) => llmCall({ id: idOf(from + at) })) },
});

const idOf = (number: number) => `018f0000-0000-7000-8000-${String(number).padStart(12, '0')}`;

export const accepted = (count: number, duplicates = 0) => ({
  status: 200,
  body: { data: { recordLlmCalls: { accepted: count, duplicates } } },
});

export const limited = (retryAfterMs: number, facts: object = {}) => ({
  status: 429,
  body: { errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterMs, ...facts } }] },
});
