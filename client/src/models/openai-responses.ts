import { fieldsOf, listOf, type ModelCall, numberOf, textOf } from './call.ts';
import { tierOf } from './openai-chat.ts';
import type { Taps } from './tap-stream.ts';

/** Learns from an answer of the Responses API. */
export function answerOfResponse(call: ModelCall, answer: unknown): void {
  const response = fieldsOf(answer);
  const usage = fieldsOf(response['usage']);
  const input = fieldsOf(usage['input_tokens_details']);
  const output = fieldsOf(usage['output_tokens_details']);
  const items = listOf(response['output']).map((item) => textOf(fieldsOf(item)['type']) ?? '');
  const error = fieldsOf(response['error']);
  call.learn({
    model: textOf(response['model']),
    serviceTier: tierOf(response['service_tier']),
    finishReason: textOf(fieldsOf(response['incomplete_details'])['reason']) ?? textOf(response['status']),
    toolCallCount: items.filter((type) => type.endsWith('_call')).length,
    promptTokens: numberOf(usage['input_tokens']),
    completionTokens: numberOf(usage['output_tokens']),
    totalTokens: numberOf(usage['total_tokens']),
    cachedPromptTokens: numberOf(input['cached_tokens']),
    cacheWritePromptTokens: numberOf(input['cache_write_tokens']),
    reasoningTokens: numberOf(output['reasoning_tokens']),
    errorType: textOf(error['code']),
    errorMessage: textOf(error['message']),
  });
}

/** The events after which none follows. They contain the whole answer. */
const LAST = new Set(['response.completed', 'response.incomplete', 'response.failed']);

export function tapsOfResponses(): Taps {
  return {
    see(call, part) {
      const { type, response, code, message } = fieldsOf(part);
      if (typeof type === 'string' && type.endsWith('.delta')) call.token();
      if (LAST.has(String(type))) answerOfResponse(call, response);
      if (type === 'error') call.learn({ errorType: textOf(code) ?? 'error', errorMessage: textOf(message) });
      return true;
    },
  };
}
