import { type Activity, type RequestOrigin, type RequestRecorder, recordRequest } from './activity.ts';
import {
  EMBEDDING_MODEL,
  END_USERS,
  type ModelProfile,
  type ServiceProfile,
  TECHNIQUES,
  USER_AGENTS,
} from './catalog.ts';
import { recordGeneration } from './generation.ts';
import { promptVersionOf, sessionOf, THINKING_MODEL } from './labels.ts';
import { recordMetricUsages } from './metric-usage.ts';
import { type CallOutcome, MAX_ATTEMPTS, modelOfAttempt, playCall } from './model-call.ts';
import type { Random } from './random.ts';

/** One request while it is simulated. */
interface Scene {
  readonly random: Random;
  readonly requestId: string;
  readonly profile: ServiceProfile;
  readonly recorder: RequestRecorder;
  readonly incident: boolean;
  readonly endUser: string | undefined;
  readonly promptVersion: string;
}

/** Errors of the client, before any model is called. */
const CLIENT_ERRORS = [
  {
    weight: 5,
    statusCode: 422,
    errorType: 'ValidationError',
    message: (random: Random) => `Field "messages[${random.integer(0, 9)}].content" must not be empty`,
  },
  { weight: 3, statusCode: 401, errorType: 'AuthenticationError', message: () => 'Session expired' },
  {
    weight: 2,
    statusCode: 404,
    errorType: 'NotFoundError',
    message: (random: Random) => `Conversation ${random.integer(10_000, 99_999)} not found`,
  },
];
const CLIENT_ERROR_RATE = 0.012;
const BUG_RATE = 0.0015;

/** A request that somebody makes of a service. */
export interface ArrivedRequest {
  readonly profile: ServiceProfile;
  readonly origin: RequestOrigin;
  /** Whether it comes during the incident of the month. */
  readonly incident: boolean;
}

/** Simulates a request to a service: techniques, model calls with retries, errors, its log. */
export function playRequest(random: Random, { profile, origin, incident }: ArrivedRequest): Activity {
  const endUser = profile.hasEndUsers ? drawEndUser(random) : undefined;
  const sessionId = endUser === undefined ? origin.work.sessionId : sessionOf(endUser, origin.startedAt);
  const recorder = recordRequest(random, { ...origin, work: { ...origin.work, sessionId } });
  const { requestId, startedAt } = origin;
  const promptVersion = promptVersionOf(profile.service, startedAt);
  const statusCode = playSteps({ random, requestId, profile, recorder, incident, endUser, promptVersion });
  const { method, endpoint } = random.weighted(profile.endpoints);
  return recorder.finish({
    endpoint,
    method,
    statusCode,
    latencyMs: rounded(recorder.elapsed + random.logNormal(6, 0.5)),
    ipAddress: profile.origin === 'app' ? drawAddress(random) : undefined,
    userAgent: profile.origin === 'app' ? random.pick(USER_AGENTS) : undefined,
  });
}

/** Returns the status code of the response. */
function playSteps(scene: Scene): number {
  const { random, profile, recorder } = scene;
  recorder.elapsed += random.logNormal(4, 0.6);
  if (random.chance(CLIENT_ERROR_RATE)) {
    const error = random.weighted(CLIENT_ERRORS);
    recorder.add('errorLogs', {
      errorType: error.errorType,
      errorMessage: error.message(random),
      severity: 'WARNING',
    });
    return error.statusCode;
  }
  if (random.chance(profile.techniques)) playTechnique(scene);
  if (profile.embeds && !playWithRetries(scene, EMBEDDING_MODEL, 'embedding')) return 502;
  const statusCode = playModel(scene, random.weighted(profile.models));
  if (statusCode !== 200 || !random.chance(BUG_RATE)) return statusCode;
  recorder.add('errorLogs', {
    errorType: 'TypeError',
    errorMessage: "Cannot read properties of undefined (reading 'citations')",
    stackTrace: stackTrace("TypeError: Cannot read properties of undefined (reading 'citations')", 'render'),
    severity: 'CRITICAL',
  });
  return 500;
}

/** Simulates the steps of the answer. Returns the status code of the response. */
function playModel(scene: Scene, model: ModelProfile): number {
  const { random, requestId, profile, recorder, endUser } = scene;
  if (profile.usesMetrics) recordMetricUsages(random, recorder, endUser ?? profile.service);
  const answered = playAnswer(scene, model);
  if (!profile.draws) return answered ? 200 : 502;
  const drawn = recordGeneration(random, recorder, { generationId: requestId, model, endUser, answered });
  return drawn ? 200 : answered ? 422 : 502;
}

/** Returns true if every step got an answer. */
function playAnswer(scene: Scene, model: ModelProfile): boolean {
  const { random, profile, recorder } = scene;
  const steps = random.integer(1, profile.maxSteps);
  for (let step = 0; step < steps; step++) {
    if (!playWithRetries(scene, model, profile.operation)) return false;
    recorder.elapsed += random.logNormal(8, 0.7);
  }
  return true;
}

function playTechnique({ random, recorder }: Scene): void {
  const { suite, success, decay } = random.weighted(TECHNIQUES);
  const potencyLevel = Math.min(10, 1 + random.poisson(3.2));
  recorder.add('techniqueUsages', {
    techniqueSuite: suite,
    potencyLevel,
    success: random.chance(success - decay * Math.max(0, potencyLevel - 5)),
    transformersCount: 1 + random.poisson(potencyLevel / 2),
  });
  recorder.elapsed += potencyLevel * 1.5;
}

/**
 * Calls a model until an attempt succeeds or another attempt makes no sense. Returns true if there
 * is an answer.
 */
function playWithRetries(scene: Scene, model: ModelProfile, operation: string): boolean {
  const { random, profile, recorder } = scene;
  const embedding = operation === 'embedding';
  const promptTokens = Math.max(4, Math.round(random.logNormal(embedding ? 24 : profile.promptTokens, 0.7)));
  const maxTokens = profile.completionTokens * 4;
  const completionTokens = embedding
    ? 0
    : Math.max(1, Math.round(random.logNormal(profile.completionTokens, 0.6)));
  if (random.chance(profile.cacheHits)) {
    recordCacheHit(scene, model, {
      operation,
      promptTokens,
      completionTokens: Math.min(completionTokens, maxTokens),
    });
    return true;
  }
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const chosen = embedding ? model : modelOfAttempt(model, attempt);
    const request = { profile: chosen, incident: scene.incident, promptTokens, completionTokens, maxTokens };
    const outcome = playCall(random, request);
    recordCall(scene, { model: chosen, outcome, operation, promptTokens, maxTokens, attempt });
    recorder.elapsed += outcome.latencyMs;
    if (outcome.success) return true;
    const last = attempt === MAX_ATTEMPTS || !outcome.retryable;
    recordFailure(recorder, { model: chosen, outcome, last });
    if (last) return false;
    recorder.elapsed += 200 * 2 ** attempt;
  }
  return false;
}

interface FinishedCall {
  readonly model: ModelProfile;
  readonly outcome: CallOutcome;
  readonly operation: string;
  readonly promptTokens: number;
  readonly maxTokens: number;
  readonly attempt: number;
}

/**
 * Uses one object literal with a fixed shape: this is the hot path of the fill, and spreads make it
 * several times slower.
 */
function recordCall(scene: Scene, call: FinishedCall): void {
  const { random, profile, recorder, endUser } = scene;
  const { model, outcome, operation, promptTokens, maxTokens, attempt } = call;
  const { success, completionTokens, latencyMs, timeToFirstTokenMs } = outcome;
  const generates = operation !== 'embedding';
  recorder.totalTokens += promptTokens + completionTokens;
  const streaming = generates && random.chance(profile.streams);
  const streamed = streaming && success;
  const cachedPrompt = success && model.promptCache && promptTokens > 1024 && random.chance(0.5);
  // Anthropic alone charges for what it writes to its cache.
  const writesCache = success && model.provider === 'anthropic' && promptTokens > 1024 && !cachedPrompt;
  const streamSeconds = Math.max(0.001, (latencyMs - timeToFirstTokenMs) / 1000);
  recorder.add('llmCalls', {
    provider: model.provider,
    model: model.model,
    operation,
    origin: profile.origin,
    endUser,
    success,
    statusCode: outcome.statusCode,
    streaming,
    finishReason: generates ? outcome.finishReason : undefined,
    errorType: outcome.errorType,
    errorMessage: outcome.errorMessage,
    promptTokens,
    completionTokens,
    promptVersion: generates ? scene.promptVersion : undefined,
    serviceTier: profile.origin === 'job' ? 'BATCH' : 'STANDARD',
    toolCallCount: outcome.finishReason === 'tool_calls' ? 1 + (promptTokens % 3) : undefined,
    reasoningTokens: success && model.model === THINKING_MODEL ? Math.floor(completionTokens / 3) : undefined,
    cacheWritePromptTokens: writesCache ? Math.floor(promptTokens / 2) : undefined,
    cachedPromptTokens: cachedPrompt ? Math.floor((promptTokens * random.integer(40, 90)) / 100) : undefined,
    latencyMs: rounded(latencyMs),
    timeToFirstTokenMs: streamed ? rounded(timeToFirstTokenMs) : undefined,
    timeToLastTokenMs: streamed ? rounded(latencyMs) : undefined,
    tokensPerSecond: streamed ? rounded(completionTokens / streamSeconds) : undefined,
    maxTokens: generates ? maxTokens : undefined,
    temperature: generates ? (operation === 'chat' ? 0.7 : 0) : undefined,
    topP: generates ? 1 : undefined,
    messageCount: generates ? random.integer(1, 12) : undefined,
    attributes: attempt > 1 ? { attempt } : undefined,
  });
}

/** Records an answer from the service's own cache. No provider was called, so the cost is 0. */
function recordCacheHit(
  scene: Scene,
  model: ModelProfile,
  facts: { operation: string; promptTokens: number; completionTokens: number },
): void {
  const { operation, promptTokens, completionTokens } = facts;
  const latencyMs = scene.random.logNormal(5, 0.5);
  scene.recorder.add('llmCalls', {
    provider: model.provider,
    model: model.model,
    operation,
    origin: scene.profile.origin,
    endUser: scene.endUser,
    cached: true,
    promptTokens,
    completionTokens,
    cost: 0,
    latencyMs: rounded(latencyMs),
  });
  scene.recorder.elapsed += latencyMs;
}

interface FailedAttempt extends Pick<FinishedCall, 'model' | 'outcome'> {
  /** Whether no other attempt follows. */
  readonly last: boolean;
}

function recordFailure(recorder: RequestRecorder, { model, outcome, last }: FailedAttempt): void {
  const errorType = `${pascalCase(outcome.errorType ?? 'unknown')}Error`;
  const errorMessage = `${model.provider}: ${outcome.errorMessage}`;
  recorder.add('errorLogs', {
    errorType,
    errorMessage,
    severity: last ? 'ERROR' : 'WARNING',
    stackTrace: last
      ? stackTrace(`${errorType}: ${errorMessage}`, model.provider.replace('-', ''))
      : undefined,
  });
}

function stackTrace(head: string, module: string): string {
  return [
    head,
    `    at ${module}.complete (/srv/app/providers/${module}.js:88:13)`,
    '    at async withRetries (/srv/app/providers/retry.js:31:20)',
    '    at async handle (/srv/app/http/handler.js:54:18)',
  ].join('\n');
}

function pascalCase(name: string): string {
  return name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}

/** Long tail: user number k calls about k times less often than the first (Zipf's law). */
function drawEndUser(random: Random): string {
  return `user-${String(Math.floor(END_USERS ** random.next())).padStart(4, '0')}`;
}

/** Draws an address of the block that is reserved for documentation (RFC 5737). */
function drawAddress(random: Random): string {
  return `203.0.113.${random.integer(1, 254)}`;
}

/** Rounds to two decimals, the useful precision of a timer. */
function rounded(number: number): number {
  return Math.round(number * 100) / 100;
}
