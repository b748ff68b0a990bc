import { defineDataset } from '../../core/dataset/dataset.ts';
import { FROM_REQUEST, WORK_ROLLUP } from '../../core/dataset/work.ts';
import { inSession } from '../agents/sessions.ts';
import { findLlmCallContradiction } from './call-contradiction.ts';
import { completeLlmCall } from './complete-call.ts';
import { LLM_CALL_COLUMNS } from './llm-call-columns.ts';

/** Calls to language models (source 0 `llm_usage`, source 3 `completion_requests`). */
export const llmCalls = defineDataset({
  name: 'llmCalls',
  entity: 'LlmCall',
  table: 'llm_calls',
  description: 'One call to a language model: its provider, tokens, latency and cost.',
  belongsToRequest: true,
  fromRequest: FROM_REQUEST,
  columns: LLM_CALL_COLUMNS,
  indexed: ['requestId', 'sessionId', 'taskId', 'agentId', 'release'],
  rollups: [
    { dimensions: [] },
    { dimensions: ['provider'] },
    { dimensions: ['provider', 'model'] },
    { dimensions: ['service', 'environment'] },
    {
      dimensions: ['provider', 'model', 'operation', 'cached', 'success', 'service', 'environment'],
      grains: ['HOUR', 'DAY'],
    },
    WORK_ROLLUP,
  ],
  tally: {
    ...inSession,
    totals: {
      llmCallCount: {},
      failedLlmCallCount: { where: ['success', false] },
      unpricedLlmCallCount: { where: ['cost', null] },
      totalTokens: { sum: 'totalTokens' },
      cost: { sum: 'cost' },
    },
  },
  corrected: ['cost', 'costSource', 'costProblem', 'savedCost'],
  complete: completeLlmCall,
  findContradiction: findLlmCallContradiction,
});
