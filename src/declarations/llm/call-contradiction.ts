import type { Contradiction } from '../../core/dataset/row.ts';
import type { Values } from '../../core/dataset/values.ts';
import { defined } from '../../core/defined.ts';
import { FIRST_FAILURE_STATUS } from './complete-call.ts';
import type { LlmCallColumns } from './llm-call-columns.ts';

type Call = Values<LlmCallColumns>;
type Found = Contradiction<keyof LlmCallColumns>;
type Part =
  | 'cachedPromptTokens'
  | 'cacheWritePromptTokens'
  | 'audioPromptTokens'
  | 'imagePromptTokens'
  | 'reasoningTokens'
  | 'audioCompletionTokens';

/** Parts of one whole that share no tokens, so that their sum is at most the whole. */
const PARTS: readonly {
  readonly of: 'promptTokens' | 'completionTokens';
  readonly parts: readonly Part[];
}[] = [
  { of: 'promptTokens', parts: ['cachedPromptTokens', 'cacheWritePromptTokens'] },
  { of: 'promptTokens', parts: ['audioPromptTokens', 'imagePromptTokens'] },
  { of: 'completionTokens', parts: ['reasoningTokens'] },
  { of: 'completionTokens', parts: ['audioCompletionTokens'] },
];

/** Finds parts that exceed their whole, and a success that contradicts the status code. */
export function findLlmCallContradiction(call: Call): Found | null {
  return findExcess(call) ?? findWrongSuccess(call);
}

function findExcess(call: Call): Found | null {
  const { promptTokens, completionTokens, totalTokens: total } = call;
  const known = promptTokens + completionTokens;
  if (total < known) {
    const message =
      `totalTokens must be at least promptTokens + completionTokens, which is ${known}, not ` +
      `${total}; omit it to have it computed.`;
    return { field: 'totalTokens', message };
  }
  for (const { of, parts } of PARTS) {
    // Tokens of the total beyond prompt and answer may belong to either.
    const most = call[of] + total - known;
    let sum = 0;
    for (const part of parts) sum += call[part] ?? 0;
    if (sum > most) return excess(call, { of, parts, most, sum });
  }
  return null;
}

interface Excess {
  readonly of: string;
  readonly parts: readonly Part[];
  readonly most: number;
  readonly sum: number;
}

function excess(call: Call, { of, parts, most, sum }: Excess): Found {
  const present = parts.filter((part) => (call[part] ?? 0) > 0);
  const message =
    `${present.join(' and ')} are a part of ${of} and must be at most ${most}, not ${sum}; ` +
    `${of} includes them.`;
  return { field: defined(present.at(-1)), message };
}

function findWrongSuccess({ success, statusCode: status }: Call): Found | null {
  if (!success || status === null || status < FIRST_FAILURE_STATUS) return null;
  return {
    field: 'success',
    message: `success must be false, or omitted, when statusCode is ${status}: 400 and more are failures.`,
  };
}
