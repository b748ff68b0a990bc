import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import { from, type LegacySource, readFrom } from './source.ts';

/** A proxy that records each completion, but not the provider of its model. */
export const llmProxy: LegacySource = {
  name: 'llm-metrics-proxy',
  title: 'LLM Metrics Proxy',
  signature: { completion_requests: ['timestamp', 'status_code', 'response_time_ms', 'is_streaming'] },
  tables: [
    {
      table: 'completion_requests',
      into: llmCalls,
      identity: ['timestamp'],
      fields: {
        latencyMs: from('response_time_ms'),
        streaming: from('is_streaming'),
        model: readFrom('model', (model) => model ?? 'unknown'),
      },
    },
  ],
  leftOut: { schema_version: 'The versions of its own tables.' },
};
