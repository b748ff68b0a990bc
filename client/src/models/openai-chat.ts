import { type CallFields, type Fields, fieldsOf, listOf, type ModelCall, numberOf, textOf } from './call.ts';
import type { Taps } from './tap-stream.ts';

/** Learns from a chat completion or a completion. */
export function answerOfChat(call: ModelCall, answer: unknown): void {
  const choices = listOf(fieldsOf(answer)['choices']).map(fieldsOf);
  const toolCalls = choices.flatMap(({ message }) => listOf(fieldsOf(message)['tool_calls']));
  call.learn({
    ...aboutOf(fieldsOf(answer)),
    ...usageOfChat(answer),
    finishReason: textOf(choices[0]?.['finish_reason']),
    toolCallCount: toolCalls.length,
  });
}

/** @param isUsageAdded whether the part with the usage exists only because we requested it */
export function tapsOfChat(isUsageAdded: boolean): Taps {
  const toolCalls = new Set<string>();
  return {
    see(call, part) {
      const chunk = fieldsOf(part);
      const choices = listOf(chunk['choices']).map(fieldsOf);
      call.learn({ ...aboutOf(chunk), ...usageOfChat(chunk), finishReason: finishOf(choices) });
      for (const { index, delta, text } of choices) {
        const { content, tool_calls: calls } = fieldsOf(delta);
        if (content || text || listOf(calls).length > 0) call.token();
        for (const one of listOf(calls)) toolCalls.add(`${index} ${fieldsOf(one)['index']}`);
      }
      return !(isUsageAdded && choices.length === 0 && chunk['usage'] != null);
    },
    conclude: (call, isComplete) => call.learn({ toolCallCount: isComplete ? toolCalls.size : undefined }),
  };
}

const finishOf = (choices: readonly Fields[]) =>
  textOf(choices.find((choice) => textOf(choice['finish_reason']) !== undefined)?.['finish_reason']);

function aboutOf(answer: Fields): CallFields {
  return { model: textOf(answer['model']), serviceTier: tierOf(answer['service_tier']) };
}

/** The member `usage` of an answer of chat completions, completions or embeddings. */
export function usageOfChat(answer: unknown): CallFields {
  const usage = fieldsOf(fieldsOf(answer)['usage']);
  const prompt = fieldsOf(usage['prompt_tokens_details']);
  const completion = fieldsOf(usage['completion_tokens_details']);
  return {
    promptTokens: numberOf(usage['prompt_tokens']),
    completionTokens: numberOf(usage['completion_tokens']),
    totalTokens: numberOf(usage['total_tokens']),
    cachedPromptTokens: numberOf(prompt['cached_tokens']),
    cacheWritePromptTokens: numberOf(prompt['cache_write_tokens']),
    audioPromptTokens: numberOf(prompt['audio_tokens']),
    reasoningTokens: numberOf(completion['reasoning_tokens']),
    audioCompletionTokens: numberOf(completion['audio_tokens']),
  };
}

const TIERS: Readonly<Record<string, CallFields['serviceTier']>> = {
  default: 'STANDARD',
  standard: 'STANDARD',
  batch: 'BATCH',
  flex: 'FLEX',
  priority: 'PRIORITY',
};

/** How a provider names the tier that answered. */
export const tierOf = (name: unknown): CallFields['serviceTier'] =>
  typeof name === 'string' ? TIERS[name] : undefined;
