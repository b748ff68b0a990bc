import { type CallFields, type Fields, fieldsOf, listOf, type ModelCall, numberOf, textOf } from './call.ts';
import { tierOf } from './openai-chat.ts';
import type { Taps } from './tap-stream.ts';

/** Learns from a whole message. */
export function answerOfMessage(call: ModelCall, answer: unknown): void {
  const message = fieldsOf(answer);
  call.learn({
    model: textOf(message['model']),
    finishReason: textOf(message['stop_reason']),
    toolCallCount: listOf(message['content']).filter(isToolUse).length,
    ...usageOf(fieldsOf(message['usage'])),
  });
}

/**
 * The usage of a stream comes in parts: `message_start` has that of the prompt, and `message_delta`
 * the totals so far, in which the prompt may be missing or null.
 */
export function tapsOfMessages(): Taps {
  let usage: Fields = {};
  let toolCalls = 0;
  return {
    see(call, part) {
      const event = fieldsOf(part);
      const message = fieldsOf(event['message']);
      const seen = { ...fieldsOf(message['usage']), ...fieldsOf(event['usage']) };
      usage = { ...usage, ...Object.fromEntries(Object.entries(seen).filter(([, value]) => value != null)) };
      if (isToolUse(event['content_block'])) toolCalls++;
      if (event['type'] === 'content_block_delta') call.token();
      call.learn({
        model: textOf(message['model']),
        finishReason: textOf(fieldsOf(event['delta'])['stop_reason']),
      });
      return true;
    },
    conclude: (call, isComplete) =>
      call.learn({ ...usageOf(usage), toolCallCount: isComplete ? toolCalls : undefined }),
  };
}

const isToolUse = (block: unknown) =>
  ['tool_use', 'server_tool_use'].includes(String(fieldsOf(block)['type']));

/** `input_tokens` counts the part of the prompt without any caching. */
function usageOf(usage: Fields): CallFields {
  const plain = numberOf(usage['input_tokens']);
  const read = numberOf(usage['cache_read_input_tokens']);
  const written = numberOf(usage['cache_creation_input_tokens']);
  return {
    promptTokens: plain === undefined ? undefined : plain + (read ?? 0) + (written ?? 0),
    cachedPromptTokens: read,
    cacheWritePromptTokens: written,
    completionTokens: numberOf(usage['output_tokens']),
    reasoningTokens: numberOf(fieldsOf(usage['output_tokens_details'])['thinking_tokens']),
    serviceTier: tierOf(usage['service_tier']),
  };
}
