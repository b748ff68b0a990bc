import { type Payload, START, traces } from '../support/telemetry.ts';

const context = {
  'user.id': 'u5',
  'session.id': 's5',
  'langfuse.trace.tags': ['a', 'b'],
  'langfuse.trace.metadata.feature': 'f1',
  'langfuse.environment': 'test',
};

/**
 * The form in which @langfuse/tracing 5.11 sends it through a `LangfuseSpanProcessor`, with the
 * important values in JSON.
 */
export const langfuse: Payload = {
  traces: traces({ 'service.name': 'lf' }, 'langfuse-sdk', [
    {
      name: 'answer',
      ...{ id: 2, parent: 1, at: [100, 400] },
      attributes: {
        ...context,
        'langfuse.observation.type': 'generation',
        'langfuse.observation.model.name': 'gpt-4o-mini',
        'langfuse.observation.model.parameters': '{"temperature":0.4,"max_tokens":77}',
        'langfuse.observation.usage_details': '{"input":60,"output":20,"input_cached_tokens":40,"total":120}',
        'langfuse.observation.cost_details': '{"input":0.001,"output":0.002,"total":0.003}',
        'langfuse.observation.completion_start_time': JSON.stringify(new Date(START + 250).toISOString()),
      },
    },
    {
      name: 'bad',
      ...{ id: 3, parent: 1, at: [500, 600] },
      attributes: {
        ...context,
        'langfuse.observation.type': 'generation',
        'langfuse.observation.model.name': 'claude-sonnet-4-5',
        'langfuse.observation.usage_details':
          '{"input":100,"output":20,"cache_read_input_tokens":40,"total":120}',
        'langfuse.observation.level': 'ERROR',
        'langfuse.observation.status_message': 'boom',
      },
    },
    {
      name: 'vector',
      ...{ id: 4, parent: 1, at: [700, 710] },
      attributes: {
        ...context,
        'langfuse.observation.type': 'embedding',
        'langfuse.observation.model.name': 'text-embedding-3-small',
        'langfuse.observation.usage_details': '{"input":50}',
      },
    },
    {
      name: 'search',
      ...{ id: 5, parent: 1, at: [720, 730] },
      attributes: { ...context, 'langfuse.observation.type': 'tool', 'langfuse.observation.level': 'ERROR' },
    },
    { name: 'request', id: 1, at: [0, 900], attributes: { ...context, 'langfuse.observation.type': 'span' } },
  ]),
};
