/**
 * A model call as an instrumented service sends it, with every column filled. Calls are created
 * once, before anything is measured.
 */
export interface CallInput {
  readonly [field: string]: unknown;
  readonly timestamp: string;
}

const MODELS: readonly (readonly [provider: string, model: string, weight: number])[] = [
  ['openai', 'gpt-4o', 20],
  ['openai', 'gpt-4o-mini', 30],
  ['openai', 'gpt-4.1', 8],
  ['anthropic', 'claude-sonnet-4-5', 18],
  ['anthropic', 'claude-haiku-4-5', 10],
  ['google', 'gemini-2.5-flash', 8],
  ['mistral', 'mistral-large-latest', 4],
  ['in-house', 'support-tuned-7b', 2],
];
const SERVICES = ['support-chat', 'document-search', 'code-review', 'report-writer'];
const ENVIRONMENTS = ['production', 'production', 'production', 'staging'];
const ORIGINS = ['app', 'app', 'gateway', 'job'];
const FINISH = ['stop', 'stop', 'stop', 'length', 'tool_calls'];

/** Uniform random numbers in [0, 1), the same for the same seed (Mulberry32). */
export function createDraw(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` calls of the minute before `end` (epoch milliseconds), in time order. */
export function makeCallInputs(count: number, seed: number, end: number): CallInput[] {
  const draw = createDraw(seed);
  return Array.from({ length: count }, (_, index) =>
    makeCall(draw, end - 60_000 + Math.floor((60_000 * index) / count)),
  );
}

function pick<Value>(draw: () => number, values: readonly Value[]): Value {
  return values[Math.floor(draw() * values.length)] as Value;
}

function pickModel(draw: () => number) {
  let rest = draw() * 100;
  for (const entry of MODELS) {
    rest -= entry[2];
    if (rest < 0) return entry;
  }
  return MODELS[0] as (typeof MODELS)[number];
}

function twoDecimals(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Failed calls have an `errorType`, the others a `finishReason`. */
function makeCall(draw: () => number, time: number): CallInput {
  const [provider, model] = pickModel(draw);
  const success = draw() > 0.02;
  const promptTokens = Math.floor(200 + draw() ** 2 * 8000);
  const completionTokens = success ? Math.floor(10 + draw() ** 2 * 900) : 0;
  const firstToken = twoDecimals(150 + draw() ** 3 * 1500);
  const tokensPerSecond = twoDecimals(40 + draw() * 120);
  const latencyMs = twoDecimals(firstToken + (completionTokens / tokensPerSecond) * 1000);
  return {
    timestamp: new Date(time).toISOString(),
    service: pick(draw, SERVICES),
    environment: pick(draw, ENVIRONMENTS),
    requestId: `req-${Math.floor(draw() * 2 ** 48)
      .toString(16)
      .padStart(12, '0')}`,
    provider,
    model,
    operation: draw() < 0.85 ? 'chat' : 'completion',
    origin: pick(draw, ORIGINS),
    endUser: `user-${Math.floor(2500 ** draw())}`,
    success,
    statusCode: success ? 200 : 429,
    cached: draw() < 0.08,
    streaming: draw() < 0.6,
    ...(success
      ? { finishReason: pick(draw, FINISH) }
      : { errorType: 'rate_limit', errorMessage: `Rate limit reached for ${model}` }),
    promptTokens,
    completionTokens,
    cachedPromptTokens: Math.floor(promptTokens * draw() * 0.8),
    totalTokens: promptTokens + completionTokens,
    cost: Math.round(promptTokens * 2500 + completionTokens * 10_000) / 1e9,
    latencyMs,
    timeToFirstTokenMs: firstToken,
    timeToLastTokenMs: latencyMs,
    tokensPerSecond,
    maxTokens: 1024,
    temperature: 0.7,
    topP: 1,
    messageCount: 1 + Math.floor(draw() * 12),
    attributes: { region: pick(draw, ['eu-west-1', 'us-east-1']), attempt: 1 },
  };
}
