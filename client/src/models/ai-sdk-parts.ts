import { type CallFields, fieldsOf, listOf, type ModelCall, numberOf, textOf } from './call.ts';

/** Learns from the result of a model's `doGenerate`. */
export function answerOfGenerate(call: ModelCall, result: unknown): void {
  const { content, finishReason, usage, response } = fieldsOf(result);
  call.learn({
    ...usageOf(usage),
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
      const { type, modelId, finishReason, usage, error } = fieldsOf(part);
      if (type === 'text-delta' || type === 'reasoning-delta' || type === 'tool-input-delta') call.token();
      else if (type === 'tool-call') toolCalls++;
      else if (type === 'response-metadata') call.learn({ model: textOf(modelId) });
      // A stream that fails midway reports it in a part, and then continues to its end.
      else if (type === 'error') failure = { error };
      else if (type === 'finish') {
        call.learn({ ...usageOf(usage), finishReason: finishOf(finishReason), toolCallCount: toolCalls });
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
function usageOf(given: unknown): CallFields {
  const usage = fieldsOf(given);
  const input = fieldsOf(usage['inputTokens']);
  const output = fieldsOf(usage['outputTokens']);
  return {
    promptTokens: numberOf(usage['inputTokens']) ?? numberOf(input['total']),
    completionTokens: numberOf(usage['outputTokens']) ?? numberOf(output['total']),
    totalTokens: numberOf(usage['totalTokens']),
    cachedPromptTokens: numberOf(usage['cachedInputTokens']) ?? numberOf(input['cacheRead']),
    cacheWritePromptTokens: numberOf(input['cacheWrite']),
    reasoningTokens: numberOf(usage['reasoningTokens']) ?? numberOf(output['reasoning']),
  };
}
