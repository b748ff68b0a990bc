/**
 * Other names that senders use for providers, in lower case, so that each provider forms one group.
 */
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    google: [
      'gcp.gemini',
      'gcp.gen_ai',
      'gcp.vertex_ai',
      'gemini',
      'vertex_ai',
      'vertexai',
      'google_genai',
      'google.vertex',
    ],
    aws: ['aws.bedrock', 'amazon-bedrock', 'bedrock', 'aws_bedrock'],
    azure: ['azure.ai.openai', 'azure.ai.inference', 'az.ai.openai', 'az.ai.inference', 'azure-openai'],
    mistral: ['mistral_ai', 'mistralai'],
    'x-ai': ['x_ai', 'xai'],
  }).flatMap(([name, others]) => others.map((other) => [other, name] as const)),
);

/** The kind of the API, which the Vercel AI SDK appends. */
const API_KIND =
  /\.(?:chat|responses|messages|completions?|embeddings?|reranking|generative-ai|language-model)$/;

/** The name of a provider: `openai` also for `OpenAI` and `openai.chat`. */
export function providerName(given: string): string {
  const name = given.toLowerCase().replace(API_KIND, '');
  return NAMES.get(name) ?? name;
}

/** Model names that only one maker uses. */
const MAKERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:gpt-|chatgpt-|o[1-9](?:-|$)|text-embedding-|davinci|dall-e)/, 'openai'],
  [/^claude-/, 'anthropic'],
  [/^gemini-/, 'google'],
  [/^(?:mistral-|ministral-|codestral-|magistral-|pixtral-|devstral-)/, 'mistral'],
  [/^grok-/, 'x-ai'],
  [/^deepseek-/, 'deepseek'],
  [/^command-/, 'cohere'],
];

/**
 * The provider of a call that names none, derived from its model: its maker if known, otherwise
 * `unknown`.
 */
export const providerOfModel = (model: string): string =>
  MAKERS.find(([names]) => names.test(model.toLowerCase()))?.[1] ?? 'unknown';
