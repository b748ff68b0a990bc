import type { EventOf } from '../../../client/src/events.ts';

/** A model call that tests identify by its model. */
export const call = (model = 'gpt-4o'): EventOf<'llmCalls'> => ({ provider: 'openai', model, latencyMs: 12 });
