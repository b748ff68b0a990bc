import { type Payload, traces } from '../support/telemetry.ts';

/**
 * Names according to opentelemetry-semantic-conventions-ai of traceloop/openllmetry, before it
 * adopted `gen_ai.usage.input_tokens`.
 */
export const openLlmetry: Payload = {
  traces: traces(
    { 'service.name': 'joke-app', 'service.version': '7' },
    'opentelemetry.instrumentation.openai.v1',
    [
      {
        name: 'openai.chat',
        ...{ id: 3, parent: 2, kind: 3, at: [200, 1400] },
        attributes: {
          'gen_ai.system': 'OpenAI',
          'gen_ai.request.model': 'gpt-4o-mini',
          'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
          'llm.request.type': 'chat',
          'llm.is_streaming': true,
          'gen_ai.usage.prompt_tokens': 120,
          'gen_ai.usage.completion_tokens': 60,
          'llm.usage.total_tokens': 180,
          'gen_ai.usage.cache_read_input_tokens': 0,
          'gen_ai.request.max_tokens': 100,
          'traceloop.workflow.name': 'joke_creator',
        },
      },
      {
        name: 'create_joke.task',
        ...{ id: 2, parent: 1, at: [100, 1500] },
        attributes: { 'traceloop.span.kind': 'task', 'traceloop.entity.name': 'create_joke' },
      },
      {
        name: 'joke_creator.workflow',
        ...{ id: 1, at: [0, 1600] },
        attributes: { 'traceloop.span.kind': 'workflow', 'traceloop.entity.name': 'joke_creator' },
      },
    ],
  ),
};
