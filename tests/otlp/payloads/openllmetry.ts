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

/** As `@traceloop/node-server-sdk` 0.27 sends since it took names of OpenTelemetry. */
export const newOpenLlmetry: Payload = {
  traces: traces({ 'service.name': 'joke-app' }, '@traceloop/instrumentation-openai', [
    {
      name: 'chat gpt-4o',
      ...{ id: 3, parent: 1, trace: 2, kind: 3, at: [200, 1400] },
      attributes: {
        'gen_ai.provider.name': 'openai',
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.request.temperature': 0.3,
        'gen_ai.request.max_tokens': 99,
        'gen_ai.response.model': 'gpt-4o-2024-08-06',
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.usage.input_tokens': 1000,
        'gen_ai.usage.output_tokens': 160,
        'gen_ai.usage.total_tokens': 1160,
        'traceloop.workflow.name': 'joke_creator',
        'traceloop.association.properties.user_id': 'user-1',
        'traceloop.association.properties.session_id': 'session-1',
        'traceloop.association.properties.tenant': 'acme',
      },
    },
    {
      name: 'search.tool',
      ...{ id: 4, parent: 1, trace: 2, at: [1400, 1450] },
      attributes: { 'traceloop.span.kind': 'tool', 'traceloop.entity.name': 'search' },
    },
    {
      name: 'joke.workflow',
      ...{ id: 1, trace: 2, at: [0, 1600] },
      attributes: {
        'traceloop.span.kind': 'workflow',
        'traceloop.entity.name': 'joke',
        'traceloop.association.properties.session_id': 'session-1',
      },
    },
  ]),
};
