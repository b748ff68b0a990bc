/** Providers with OpenAI's API, by the names that the server's price book knows. */
const PROVIDERS: readonly (readonly [host: string, provider: string])[] = [
  ['api.openai.com', 'openai'],
  ['openai.azure.com', 'azure'],
  ['cognitiveservices.azure.com', 'azure'],
  ['api.anthropic.com', 'anthropic'],
  ['amazonaws.com', 'aws'],
  ['googleapis.com', 'google'],
  ['openrouter.ai', 'openrouter'],
  ['api.groq.com', 'groq'],
  ['api.mistral.ai', 'mistral'],
  ['api.deepseek.com', 'deepseek'],
  ['api.x.ai', 'x-ai'],
  ['api.together.xyz', 'together'],
  ['api.fireworks.ai', 'fireworks'],
  ['api.cerebras.ai', 'cerebras'],
  ['api.perplexity.ai', 'perplexity'],
];

/**
 * The provider that answers at the base URL of a client: a known one, otherwise the host itself.
 */
export function providerAt(baseUrl: unknown, byDefault: string): string {
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) return byDefault;
  const { hostname } = new URL(baseUrl);
  const known = PROVIDERS.find(([host]) => hostname === host || hostname.endsWith(`.${host}`));
  return known?.[1] ?? hostname;
}
