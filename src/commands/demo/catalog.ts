/** The fictional company of the demo: which services call which models, and how often. */

/** How traffic depends on the time: office hours, consumers at any time, nightly jobs. */
export type Rhythm = 'office' | 'consumer' | 'night';

export interface ModelProfile {
  readonly weight: number;
  readonly provider: string;
  readonly model: string;
  /** Median milliseconds to the first token. */
  readonly firstTokenMs: number;
  readonly tokensPerSecond: number;
  /** Share of calls that fail on a normal day. */
  readonly errorRate: number;
  /** Whether the provider caches repeated prefixes of prompts. */
  readonly promptCache: boolean;
}

/**
 * The names are real, so that prices are found. `in-house` is in no price list, so its calls have
 * no price.
 */
const GPT_4O: ModelProfile = {
  weight: 3,
  provider: 'openai',
  model: 'gpt-4o',
  firstTokenMs: 420,
  tokensPerSecond: 85,
  errorRate: 0.012,
  promptCache: true,
};
const GPT_4O_MINI: ModelProfile = {
  weight: 6,
  provider: 'openai',
  model: 'gpt-4o-mini',
  firstTokenMs: 310,
  tokensPerSecond: 110,
  errorRate: 0.008,
  promptCache: true,
};
const GPT_4_1: ModelProfile = {
  weight: 2,
  provider: 'openai',
  model: 'gpt-4.1',
  firstTokenMs: 480,
  tokensPerSecond: 80,
  errorRate: 0.01,
  promptCache: true,
};
const EMBEDDING: ModelProfile = {
  weight: 1,
  provider: 'openai',
  model: 'text-embedding-3-small',
  firstTokenMs: 70,
  tokensPerSecond: 1,
  errorRate: 0.003,
  promptCache: false,
};
const SONNET: ModelProfile = {
  weight: 4,
  provider: 'anthropic',
  model: 'claude-sonnet-4-5',
  firstTokenMs: 680,
  tokensPerSecond: 70,
  errorRate: 0.014,
  promptCache: true,
};
const HAIKU: ModelProfile = {
  weight: 3,
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
  firstTokenMs: 390,
  tokensPerSecond: 140,
  errorRate: 0.009,
  promptCache: true,
};
const GEMINI_FLASH: ModelProfile = {
  weight: 3,
  provider: 'google',
  model: 'gemini-2.5-flash',
  firstTokenMs: 350,
  tokensPerSecond: 190,
  errorRate: 0.011,
  promptCache: true,
};
const GEMINI_PRO: ModelProfile = {
  weight: 1,
  provider: 'google',
  model: 'gemini-2.5-pro',
  firstTokenMs: 1400,
  tokensPerSecond: 120,
  errorRate: 0.016,
  promptCache: true,
};
const MISTRAL: ModelProfile = {
  weight: 1,
  provider: 'mistral',
  model: 'mistral-large-latest',
  firstTokenMs: 450,
  tokensPerSecond: 60,
  errorRate: 0.015,
  promptCache: false,
};
const IN_HOUSE: ModelProfile = {
  weight: 2,
  provider: 'in-house',
  model: 'support-tuned-7b',
  firstTokenMs: 160,
  tokensPerSecond: 45,
  errorRate: 0.022,
  promptCache: false,
};

/** The model that embeds queries and documents. */
export const EMBEDDING_MODEL = EMBEDDING;

/** The model of the last retry of a failed call, at another provider. */
export const FALLBACK_MODEL = GPT_4O_MINI;

/** The provider that has the incident. */
export const INCIDENT_PROVIDER = 'anthropic';

export interface ServiceProfile {
  readonly service: string;
  readonly origin: string;
  readonly rhythm: Rhythm;
  readonly requestsPerDay: number;
  readonly endpoints: readonly {
    readonly weight: number;
    readonly method: string;
    readonly endpoint: string;
  }[];
  readonly operation: string;
  readonly models: readonly ModelProfile[];
  /** Maximum model calls of one request. Each number from 1 on is equally likely. */
  readonly maxSteps: number;
  /** Whether a request begins with an embedding call, for a search. */
  readonly embeds: boolean;
  readonly streams: number;
  /** Share of calls answered from the service's own cache. */
  readonly cacheHits: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Share of requests that use a technique suite. */
  readonly techniques: number;
  readonly hasEndUsers: boolean;
  /** Whether its requests review changes of code, most of them by the team's agents. */
  readonly reviews?: boolean;
  /** Whether its requests ask for diagrams. */
  readonly draws?: boolean;
  /** Whether its answers use metrics of the catalog. */
  readonly usesMetrics?: boolean;
}

const post = (weight: number, endpoint: string) => ({ weight, method: 'POST', endpoint });

export const SERVICES: readonly ServiceProfile[] = [
  {
    service: 'support-chat',
    origin: 'app',
    rhythm: 'consumer',
    requestsPerDay: 1950,
    endpoints: [
      post(8, '/api/v1/chat'),
      post(1, '/api/v1/chat/summary'),
      { weight: 1, method: 'GET', endpoint: '/api/v1/suggestions' },
    ],
    operation: 'chat',
    models: [GPT_4O_MINI, HAIKU, IN_HOUSE, SONNET],
    maxSteps: 1,
    embeds: false,
    streams: 0.8,
    cacheHits: 0.09,
    promptTokens: 900,
    completionTokens: 180,
    techniques: 0.35,
    hasEndUsers: true,
  },
  {
    service: 'document-search',
    origin: 'app',
    rhythm: 'office',
    requestsPerDay: 1280,
    endpoints: [post(5, '/api/v1/search'), post(2, '/api/v1/answers')],
    operation: 'chat',
    models: [GEMINI_FLASH, GPT_4O, MISTRAL],
    maxSteps: 1,
    embeds: true,
    streams: 0.5,
    cacheHits: 0.16,
    promptTokens: 3200,
    completionTokens: 220,
    techniques: 0.1,
    hasEndUsers: true,
  },
  {
    service: 'code-review',
    origin: 'webhook',
    rhythm: 'office',
    requestsPerDay: 470,
    endpoints: [post(1, '/hooks/pull-request')],
    operation: 'chat',
    models: [SONNET, GPT_4_1, GEMINI_PRO],
    maxSteps: 3,
    embeds: false,
    streams: 0,
    cacheHits: 0.02,
    promptTokens: 9500,
    completionTokens: 700,
    techniques: 0.2,
    hasEndUsers: true,
    reviews: true,
  },
  {
    service: 'report-writer',
    origin: 'app',
    rhythm: 'office',
    requestsPerDay: 265,
    endpoints: [post(3, '/api/v2/reports'), post(1, '/api/v2/reports/outline')],
    operation: 'chat',
    models: [GPT_4O, SONNET, GPT_4_1],
    maxSteps: 5,
    embeds: false,
    streams: 0.3,
    cacheHits: 0.03,
    promptTokens: 4200,
    completionTokens: 1100,
    techniques: 0.9,
    hasEndUsers: true,
    usesMetrics: true,
  },
  {
    service: 'diagram-studio',
    origin: 'app',
    rhythm: 'office',
    requestsPerDay: 110,
    endpoints: [post(4, '/api/v1/diagrams'), post(1, '/api/v1/diagrams/refine')],
    operation: 'chat',
    models: [SONNET, GPT_4O, GEMINI_PRO],
    maxSteps: 2,
    embeds: false,
    streams: 0.2,
    cacheHits: 0.02,
    promptTokens: 2100,
    completionTokens: 1400,
    techniques: 0.3,
    hasEndUsers: true,
    draws: true,
  },
  {
    service: 'nightly-classifier',
    origin: 'job',
    rhythm: 'night',
    requestsPerDay: 690,
    endpoints: [post(1, '/jobs/classify')],
    operation: 'completion',
    models: [GPT_4O_MINI, GEMINI_FLASH],
    maxSteps: 1,
    embeds: false,
    streams: 0,
    cacheHits: 0.05,
    promptTokens: 650,
    completionTokens: 12,
    techniques: 0,
    hasEndUsers: false,
  },
];

export const ENVIRONMENTS: readonly { readonly environment: string; readonly share: number }[] = [
  { environment: 'production', share: 0.92 },
  { environment: 'staging', share: 0.08 },
];

/**
 * `decay` is the loss of success rate per potency level above 5. `role-play` fails often at high
 * potency.
 */
export const TECHNIQUES: readonly {
  readonly weight: number;
  readonly suite: string;
  readonly success: number;
  readonly decay: number;
}[] = [
  { weight: 4, suite: 'chain-of-thought', success: 0.96, decay: 0.005 },
  { weight: 3, suite: 'few-shot', success: 0.97, decay: 0.01 },
  { weight: 2, suite: 'self-consistency', success: 0.94, decay: 0.01 },
  { weight: 2, suite: 'role-play', success: 0.92, decay: 0.16 },
];

export const USER_AGENTS: readonly string[] = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'acme-mobile/7.4.1 (iOS 26.1)',
  'acme-sdk-python/2.18.0',
];

/** Number of people and accounts. The first ones call far more often than the last ones. */
export const END_USERS = 2500;
