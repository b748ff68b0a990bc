import { type GivenSpan, type Payload, traces } from '../support/telemetry.ts';

/**
 * The two descriptions of one call: by @arizeai/openinference-instrumentation-anthropic 1 and by @anthropic-ai/sdk
 * 1.14.
 */
const wrapper: GivenSpan = {
  name: 'Anthropic Messages',
  ...{ id: 1, at: [0, 120] },
  attributes: {
    'openinference.span.kind': 'LLM',
    'session.id': 's2',
    'user.id': 'u2',
    metadata: '{"feature":"x"}',
    'llm.model_name': 'claude-sonnet-4-5',
    'llm.invocation_parameters': '{"model":"claude-sonnet-4-5","max_tokens":100,"temperature":0.5}',
    'llm.provider': 'anthropic',
    'llm.token_count.prompt': 1050,
    'llm.token_count.completion': 33,
  },
};
/** The SDK's own span, which ends a moment after the span around it. */
const inner: GivenSpan = {
  name: 'anthropic.messages.create',
  ...{ id: 2, parent: 1, kind: 3, at: [1, 121] },
  attributes: {
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'claude-sonnet-4-5',
    'gen_ai.usage.input_tokens': 1050,
    'gen_ai.usage.cache_read.input_tokens': 900,
    'gen_ai.usage.cache_write.input_tokens': 50,
    'gen_ai.usage.output_tokens': 33,
    'anthropic.message.stop_reason': 'end_turn',
  },
};
/** The span of a framework, which encloses both. */
const framework: GivenSpan = {
  name: 'ChatAnthropic',
  ...{ id: 3, at: [0, 125] },
  attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'claude-sonnet-4-5' },
};

const sent = (...spans: readonly GivenSpan[]): Payload => ({
  traces: traces({ 'service.name': 'nested', team: 'ml' }, 'test', spans),
});
const within: GivenSpan = { ...wrapper, parent: 3 };

/** Requests in the orders in which the spans of one call arrive. */
export const ORDERS: Readonly<Record<string, readonly Payload[]>> = {
  'the inner one first': [sent(inner, wrapper)],
  'the inner one last': [sent(wrapper, inner)],
  'in two requests': [sent(inner), sent(wrapper)],
  'the inner one in a later request': [sent(wrapper), sent(inner)],
  'three, the innermost first': [sent(inner, within, framework)],
  'three, the outermost first': [sent(framework, within, inner)],
  'three, the middle last': [sent(framework, inner, within)],
  'three in three requests': [sent(inner), sent(within), sent(framework)],
};
