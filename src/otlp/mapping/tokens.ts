/** Token counts as a sender gives them. */
export interface GivenTokens {
  readonly prompt: number | undefined;
  readonly completion: number | undefined;
  readonly cacheRead: number | undefined;
  readonly cacheWritten: number | undefined;
  readonly reasoning: number | undefined;
}

/**
 * The counts as `llmCalls` has them: cached tokens are part of the prompt, reasoning tokens part of
 * the completion. If a part is larger than its whole, the sender does not include it there.
 */
export function tokensOf({ prompt = 0, completion = 0, cacheRead, cacheWritten, reasoning }: GivenTokens) {
  const cached = (cacheRead ?? 0) + (cacheWritten ?? 0);
  return {
    promptTokens: cached > prompt ? prompt + cached : prompt,
    completionTokens: (reasoning ?? 0) > completion ? completion + (reasoning ?? 0) : completion,
    cachedPromptTokens: cacheRead,
    cacheWritePromptTokens: cacheWritten,
    reasoningTokens: reasoning,
  };
}
