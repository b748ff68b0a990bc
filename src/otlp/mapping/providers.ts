/** Providers by other names that senders give them, in lower case, so that one provider is one group. */
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

/** What the Vercel AI SDK appends: the kind of the API. */
const API_KIND = /\.(?:chat|responses|messages|completions?|embeddings?|generative-ai|language-model)$/;

/** The name of a provider: `openai` also for `OpenAI` and `openai.chat`. */
export function providerName(given: string): string {
  const name = given.toLowerCase().replace(API_KIND, '');
  return NAMES.get(name) ?? name;
}

/** Names of models that only one maker has. */
const MAKERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:gpt-|chatgpt-|o[1-9](?:-|$)|text-embedding-|davinci|dall-e)/, 'openai'],
  [/^claude-/, 'anthropic'],
  [/^gemini-/, 'google'],
  [/^(?:mistral-|ministral-|codestral-|magistral-|pixtral-|devstral-)/, 'mistral'],
  [/^grok-/, 'x-ai'],
  [/^deepseek-/, 'deepseek'],
  [/^command-/, 'cohere'],
];

/** The provider of a call that names none, by its model: its maker, if there is one; else `unknown`. */
export const providerOfModel = (model: string): string =>
  MAKERS.find(([names]) => names.test(model.toLowerCase()))?.[1] ?? 'unknown';
