import { asInteger } from '../attributes.ts';
import type { GivenTokens } from '../tokens.ts';
import type { CallAttributes } from './call-attributes.ts';
import { type Details, detailsOf, firstOf } from './json-attributes.ts';
import { withProviderUsage } from './provider-usage.ts';

export interface CallTokens extends GivenTokens {
  readonly audioPrompt: number | undefined;
  readonly audioCompletion: number | undefined;
}

/** The token counts of a call: from one attribute each, otherwise from JSON. */
export function callTokensOf(found: CallAttributes): CallTokens {
  const own: CallTokens = {
    prompt: asInteger(found.promptTokens),
    completion: asInteger(found.completionTokens),
    cacheRead: asInteger(found.cacheRead),
    cacheWritten: asInteger(found.cacheWritten),
    reasoning: asInteger(found.reasoning),
    audioPrompt: asInteger(found.audioPrompt),
    audioCompletion: asInteger(found.audioCompletion),
  };
  const { usageDetails, promptDetails, completionDetails, providerMetadata } = found;
  if (providerMetadata !== undefined) return withProviderUsage(own, providerMetadata);
  const isWhole = (usageDetails ?? promptDetails ?? completionDetails) === undefined;
  return isWhole ? own : withDetails(own, found);
}

function withDetails(own: CallTokens, found: CallAttributes): CallTokens {
  const usage = found.usageDetails === undefined ? null : usageOf(detailsOf(found.usageDetails));
  const prompt = detailsOf(found.promptDetails);
  const completion = detailsOf(found.completionDetails);
  return {
    prompt: own.prompt ?? usage?.prompt,
    completion: own.completion ?? usage?.completion,
    cacheRead: own.cacheRead ?? usage?.cacheRead ?? asInteger(prompt['cache_read']),
    cacheWritten: own.cacheWritten ?? usage?.cacheWritten ?? asInteger(prompt['cache_creation']),
    reasoning: own.reasoning ?? usage?.reasoning ?? asInteger(completion['reasoning']),
    audioPrompt: own.audioPrompt ?? usage?.audioPrompt ?? asInteger(prompt['audio']),
    audioCompletion: own.audioCompletion ?? usage?.audioCompletion ?? asInteger(completion['audio']),
  };
}

/**
 * The names of kinds in Langfuse's `usage_details`. People choose them; these are the ones of its
 * integrations.
 */
const KINDS = {
  prompt: ['input', 'input_tokens', 'prompt_tokens', 'promptTokens'],
  completion: ['output', 'output_tokens', 'completion_tokens', 'completionTokens'],
  cacheRead: ['input_cached_tokens', 'cache_read_input_tokens', 'input_cache_read'],
  cacheWritten: ['cache_creation_input_tokens', 'input_cache_creation', 'cache_write_input_tokens'],
  reasoning: ['output_reasoning_tokens', 'output_reasoning'],
  audioPrompt: ['input_audio_tokens', 'input_audio'],
  audioCompletion: ['output_audio_tokens', 'output_audio'],
} as const;

/**
 * Langfuse adds up all kinds, so `input` excludes cached tokens. If the total equals `input` plus
 * `output`, they are parts of these.
 */
function usageOf(details: Details): CallTokens {
  const of = (kind: keyof typeof KINDS) => asInteger(firstOf(details, KINDS[kind]));
  const [input, output] = [of('prompt'), of('completion')];
  const parts = {
    ...{ cacheRead: of('cacheRead'), cacheWritten: of('cacheWritten'), reasoning: of('reasoning') },
    ...{ audioPrompt: of('audioPrompt'), audioCompletion: of('audioCompletion') },
  };
  const { cacheRead = 0, cacheWritten = 0, audioPrompt = 0, reasoning = 0, audioCompletion = 0 } = parts;
  const total = asInteger(firstOf(details, ['total', 'total_tokens', 'totalTokens']));
  if (total === (input ?? 0) + (output ?? 0)) return { prompt: input, completion: output, ...parts };
  return {
    prompt: (input ?? 0) + cacheRead + cacheWritten + audioPrompt,
    completion: (output ?? 0) + reasoning + audioCompletion,
    ...parts,
  };
}
