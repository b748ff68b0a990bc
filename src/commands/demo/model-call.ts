import { defined } from '../../core/defined.ts';
import { FALLBACK_MODEL, INCIDENT_PROVIDER, type ModelProfile } from './catalog.ts';
import type { Random } from './random.ts';

/** The outcome of one call to a model. */
export interface CallOutcome {
  readonly success: boolean;
  readonly statusCode: number;
  readonly errorType?: string;
  readonly errorMessage?: string;
  readonly finishReason?: string;
  readonly completionTokens: number;
  readonly latencyMs: number;
  readonly timeToFirstTokenMs: number;
}

interface Failure {
  readonly weight: number;
  readonly statusCode: number;
  readonly errorType: string;
  readonly retryable: boolean;
  /** Median milliseconds until the failure. */
  readonly afterMs: number;
  message(profile: ModelProfile, random: Random): string;
}

const FAILURES: readonly Failure[] = [
  {
    weight: 5,
    statusCode: 429,
    errorType: 'rate_limit',
    retryable: true,
    afterMs: 90,
    message: ({ model }, random) =>
      `Rate limit reached for ${model}. Retry after ${random.integer(1, 20)} s.`,
  },
  {
    weight: 3,
    statusCode: 500,
    errorType: 'server_error',
    retryable: true,
    afterMs: 900,
    message: (_, random) => `Internal server error (request ID ${random.integer(1e8, 9e8)})`,
  },
  {
    weight: 2,
    statusCode: 504,
    errorType: 'timeout',
    retryable: true,
    afterMs: 30_000,
    message: ({ provider }) => `Request to ${provider} timed out after 30000 ms`,
  },
  {
    weight: 2,
    statusCode: 400,
    errorType: 'context_length_exceeded',
    retryable: false,
    afterMs: 60,
    message: (_, random) =>
      `Prompt is too long: ${random.integer(128_001, 190_000)} tokens exceed the context window`,
  },
  {
    weight: 1,
    statusCode: 400,
    errorType: 'content_filter',
    retryable: false,
    afterMs: 350,
    message: () => 'Response blocked by the content filter',
  },
];

const INCIDENT_FAILURES: readonly Failure[] = [
  {
    weight: 4,
    statusCode: 529,
    errorType: 'overloaded',
    retryable: true,
    afterMs: 2500,
    message: ({ model }) => `Overloaded: no capacity available for ${model}`,
  },
  { ...defined(FAILURES[2]), weight: 3 },
];

const INCIDENT_ERROR_RATE = 0.45;
const INCIDENT_SLOWDOWN = 4;

/** Attempts of one call, the first one included. */
export const MAX_ATTEMPTS = 3;

export interface CallRequest {
  readonly profile: ModelProfile;
  readonly incident: boolean;
  readonly promptTokens: number;
  /** Tokens of the answer, if the call succeeds. */
  readonly completionTokens: number;
  readonly maxTokens: number;
}

/** Simulates one call: whether it fails, its latency and the tokens that it returns. */
export function playCall(
  random: Random,
  request: CallRequest,
): CallOutcome & { readonly retryable: boolean } {
  const { profile, promptTokens, maxTokens } = request;
  const hit = request.incident && profile.provider === INCIDENT_PROVIDER;
  if (random.chance(hit ? INCIDENT_ERROR_RATE : profile.errorRate)) return playFailure(random, profile, hit);
  const slowdown = hit ? INCIDENT_SLOWDOWN : 1;
  const completionTokens = Math.min(request.completionTokens, maxTokens);
  // Reading the prompt takes time too: about a second per 20,000 tokens.
  const timeToFirstTokenMs = slowdown * (random.logNormal(profile.firstTokenMs, 0.35) + promptTokens / 20);
  const speed = random.logNormal(profile.tokensPerSecond, 0.2) / slowdown;
  return {
    success: true,
    retryable: false,
    statusCode: 200,
    finishReason: completionTokens === maxTokens ? 'length' : random.chance(0.06) ? 'tool_calls' : 'stop',
    completionTokens,
    timeToFirstTokenMs,
    latencyMs: timeToFirstTokenMs + (completionTokens / speed) * 1000,
  };
}

function playFailure(random: Random, profile: ModelProfile, hit: boolean) {
  const failure = random.weighted(hit ? INCIDENT_FAILURES : FAILURES);
  // A timeout has a fixed latency; that of other failures varies.
  const latencyMs =
    failure.errorType === 'timeout'
      ? failure.afterMs + random.integer(0, 40)
      : random.logNormal(failure.afterMs, 0.5);
  return {
    success: false,
    retryable: failure.retryable,
    statusCode: failure.statusCode,
    errorType: failure.errorType,
    errorMessage: failure.message(profile, random),
    completionTokens: 0,
    timeToFirstTokenMs: latencyMs,
    latencyMs,
  };
}

/** The model of an attempt. The last attempt goes to another provider. */
export function modelOfAttempt(profile: ModelProfile, attempt: number): ModelProfile {
  return attempt === MAX_ATTEMPTS ? FALLBACK_MODEL : profile;
}
