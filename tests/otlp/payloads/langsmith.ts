import { type Payload, traces } from '../support/telemetry.ts';

const context = {
  'gen_ai.operation.name': 'chat',
  'langsmith.span.kind': 'llm',
  'langsmith.metadata.LANGSMITH_TRACING': 'true',
  'langsmith.metadata.ls_provider': 'openai',
  'langsmith.metadata.session_id': 's6',
  'langsmith.metadata.user_id': 'u6',
  'langsmith.metadata.feature': 'f2',
};

/**
 * The form in which langsmith 0.12 sends it through OpenTelemetry: a failed call has an exception,
 * and the status OK.
 */
export const langsmith: Payload = {
  traces: traces({ 'service.name': 'ls' }, 'langsmith', [
    {
      name: 'ChatOpenAI',
      ...{ id: 2, parent: 1, at: [100, 400] },
      attributes: {
        ...context,
        'gen_ai.system': 'openai',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
        'gen_ai.usage.input_tokens': 120,
        'gen_ai.usage.output_tokens': 45,
        'gen_ai.response.finish_reasons': 'stop',
        'gen_ai.response.service_tier': 'default',
        'gen_ai.usage.input_token_details': '{"cache_read":64}',
        'gen_ai.usage.output_token_details': '{"reasoning":20}',
      },
    },
    {
      name: 'ChatOpenAI',
      ...{ id: 3, parent: 1, at: [500, 600] },
      attributes: { ...context, 'gen_ai.system': 'langchain', 'gen_ai.request.model': 'gpt-4o-mini' },
      exceptions: [{ 'exception.type': 'Error', 'exception.message': '429 Rate limit reached' }],
    },
    {
      name: 'wf',
      ...{ id: 1, at: [0, 900] },
      attributes: { 'gen_ai.operation.name': 'chain', 'langsmith.span.kind': 'chain' },
    },
  ]),
};
