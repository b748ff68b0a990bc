import { type CallFields, fieldsOf, listOf, type ModelCall, numberOf, textOf } from './call.ts';

/** Learns from the result of a model's `doGenerate`. */
export function answerOfGenerate(call: ModelCall, result: unknown): void {
  const { content, finishReason, usage, response, providerMetadata } = fieldsOf(result);
  call.learn({
    ...usageOf(usage, providerMetadata),
    model: textOf(fieldsOf(response)['modelId']),
    finishReason: finishOf(finishReason),
    toolCallCount: listOf(content).filter((part) => fieldsOf(part)['type'] === 'tool-call').length,
  });
}

/** Learns from the parts of a model's `doStream`. */
export interface PartsReader {
  see(part: unknown): void;
  end(): void;
  fail(error: unknown): void;
}

export function readerOfParts(call: ModelCall): PartsReader {
  let toolCalls = 0;
  let failure: { readonly error: unknown } | null = null;
  return {
    see(part) {
      const { type, modelId, finishReason, usage, error, providerMetadata } = fieldsOf(part);
      if (type === 'text-delta' || type === 'reasoning-delta' || type === 'tool-input-delta') call.token();
      else if (type === 'tool-call') toolCalls++;
      else if (type === 'response-metadata') call.learn({ model: textOf(modelId) });
      // A stream that fails midway reports it in a part, and then continues to its end.
      else if (type === 'error') failure = { error };
      else if (type === 'finish') {
        call.learn({
          ...usageOf(usage, providerMetadata),
          finishReason: finishOf(finishReason),
          toolCallCount: toolCalls,
        });
      }
    },
    end() {
      if (failure === null) call.end();
      else call.fail(failure.error);
    },
    fail: (error) => call.fail(error),
  };
}

/** A word; since v3 of the interface also the provider's own word. */
const finishOf = (reason: unknown): string | undefined =>
  textOf(reason) ?? textOf(fieldsOf(reason)['unified']);

/** Numbers in v2 of the SDK's interface, objects with the parts since v3. */
function usageOf(given: unknown, providerMetadata: unknown): CallFields {
  const usage = fieldsOf(given);
  const input = fieldsOf(usage['inputTokens']);
  const output = fieldsOf(usage['outputTokens']);
  const counted = {
    promptTokens: numberOf(usage['inputTokens']) ?? numberOf(input['total']),
    completionTokens: numberOf(usage['outputTokens']) ?? numberOf(output['total']),
    totalTokens: numberOf(usage['totalTokens']),
    cachedPromptTokens: numberOf(usage['cachedInputTokens']) ?? numberOf(input['cacheRead']),
    cacheWritePromptTokens: numberOf(input['cacheWrite']),
    reasoningTokens: numberOf(usage['reasoningTokens']) ?? numberOf(output['reasoning']),
  };
  return { ...counted, ...partsBeside(counted, fieldsOf(providerMetadata)) };
}

/**
 * Adds parts to their wholes. In v2 of the interface, the counts are the provider's own: Anthropic
 * counts cached tokens beside its input, and Gemini counts thoughts beside its output. A whole that
 * differs from the provider's own count has its parts already, as since v3.
 */
function partsBeside(
  counted: Pick<CallFields, 'promptTokens' | 'completionTokens' | 'reasoningTokens'>,
  { anthropic, google, vertex }: Readonly<Record<string, unknown>>,
): CallFields {
  const claude = fieldsOf(fieldsOf(anthropic)['usage']);
  const input = numberOf(claude['input_tokens']);
  if (input !== undefined && input === counted.promptTokens) {
    const cachedPromptTokens = numberOf(claude['cache_read_input_tokens']) ?? 0;
    const cacheWritePromptTokens = numberOf(claude['cache_creation_input_tokens']) ?? 0;
    const promptTokens = input + cachedPromptTokens + cacheWritePromptTokens;
    const totalTokens = promptTokens + (counted.completionTokens ?? 0);
    return { promptTokens, cachedPromptTokens, cacheWritePromptTokens, totalTokens };
  }
  const output = numberOf(fieldsOf(fieldsOf(google ?? vertex)['usageMetadata'])['candidatesTokenCount']);
  if (output === undefined || output !== counted.completionTokens) return {};
  return { completionTokens: output + (counted.reasoningTokens ?? 0) };
}
