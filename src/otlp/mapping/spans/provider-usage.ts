import type { AttributeValue } from '../../protocol/telemetry.ts';
import { asInteger } from '../attributes.ts';
import type { GivenTokens } from '../tokens.ts';
import { type Details, detailsOf } from './json-attributes.ts';

/**
 * Completes the token counts of a call of the Vercel AI SDK by what its provider said.
 *
 * Version 5 passes on the counts of each provider as they are: Anthropic counts cached tokens
 * beside its input, Gemini counts thoughts beside its output. Its spans of calls that are not
 * streams, and those of `generateObject` in version 6, leave out the parts. Version 6 and later
 * count alike for all providers, so counts that differ from the provider's own stay as they are.
 *
 * @param own the counts that the span has in its attributes
 * @param metadata `ai.response.providerMetadata`: JSON, by the names of providers
 */
export function withProviderUsage<Own extends GivenTokens>(
  own: Own,
  metadata: AttributeValue | undefined,
): Own {
  const { anthropic, google, vertex } = detailsOf(metadata);
  if (anthropic !== undefined)
    return { ...own, ...ofAnthropic(detailsOf(detailsOf(anthropic)['usage']), own) };
  const gemini = google ?? vertex;
  if (gemini === undefined) return own;
  return { ...own, ...ofGemini(detailsOf(detailsOf(gemini)['usageMetadata']), own) };
}

function ofAnthropic(usage: Details, own: GivenTokens): Partial<GivenTokens> {
  const cacheRead = own.cacheRead ?? asInteger(usage['cache_read_input_tokens']);
  const cacheWritten = own.cacheWritten ?? asInteger(usage['cache_creation_input_tokens']);
  const input = asInteger(usage['input_tokens']);
  const excludesCached = input !== undefined && input === own.prompt;
  const prompt = excludesCached ? input + (cacheRead ?? 0) + (cacheWritten ?? 0) : own.prompt;
  return { cacheRead, cacheWritten, prompt };
}

function ofGemini(usage: Details, own: GivenTokens): Partial<GivenTokens> {
  const cacheRead = own.cacheRead ?? asInteger(usage['cachedContentTokenCount']);
  const reasoning = own.reasoning ?? asInteger(usage['thoughtsTokenCount']);
  const output = asInteger(usage['candidatesTokenCount']);
  const excludesThoughts = output !== undefined && output === own.completion;
  return { cacheRead, reasoning, completion: excludesThoughts ? output + (reasoning ?? 0) : own.completion };
}
