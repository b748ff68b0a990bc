import type { Row } from '../../src/core/dataset/row.ts';
import type { EntityTable } from '../../src/core/dataset/table.ts';
import { createDraw } from '../lib/call-input.ts';

/**
 * The end of the 30 days of the benchmark. It is a fixed instant inside a minute, so that every
 * question has ends inside a rollup cell.
 */
export const END = Date.parse('2026-10-31T17:23:45.678Z');
export const DAY_MS = 86_400_000;
export const DAYS = 30;
/** Increment it when the rows change, so that cached databases are rebuilt. */
export const ROWS_VERSION = 1;

interface Profile {
  readonly provider: string;
  readonly model: string;
  readonly share: number;
  /** Median milliseconds. */
  readonly latencyMs: number;
  readonly inputPrice: number;
  readonly outputPrice: number;
}

/** Prices in USD per million tokens. */
const PROFILES: readonly Profile[] = [
  { provider: 'openai', model: 'gpt-4o', share: 0.16, latencyMs: 1900, inputPrice: 2.5, outputPrice: 10 },
  {
    provider: 'openai',
    model: 'gpt-4o-mini',
    share: 0.26,
    latencyMs: 1100,
    inputPrice: 0.15,
    outputPrice: 0.6,
  },
  { provider: 'openai', model: 'gpt-4.1', share: 0.08, latencyMs: 2100, inputPrice: 2, outputPrice: 8 },
  {
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    share: 0.18,
    latencyMs: 2600,
    inputPrice: 3,
    outputPrice: 15,
  },
  {
    provider: 'anthropic',
    model: 'claude-haiku-4-5',
    share: 0.1,
    latencyMs: 1000,
    inputPrice: 1,
    outputPrice: 5,
  },
  {
    provider: 'google',
    model: 'gemini-2.5-flash',
    share: 0.12,
    latencyMs: 900,
    inputPrice: 0.3,
    outputPrice: 2.5,
  },
  {
    provider: 'google',
    model: 'gemini-2.5-pro',
    share: 0.04,
    latencyMs: 4200,
    inputPrice: 1.25,
    outputPrice: 10,
  },
  {
    provider: 'mistral',
    model: 'mistral-large-latest',
    share: 0.06,
    latencyMs: 2300,
    inputPrice: 2,
    outputPrice: 6,
  },
];
const SERVICES = ['support-chat', 'document-search', 'code-review', 'report-writer', 'nightly-classifier'];
const FINISH = ['stop', 'stop', 'stop', 'length', 'tool_calls'];

/** Traffic by the hour of the day, UTC: a night, a morning, two peaks. */
const HOURLY = [2, 2, 2, 2, 2, 3, 4, 6, 8, 10, 11, 11, 10, 11, 12, 12, 11, 9, 8, 7, 6, 5, 4, 3];

/**
 * Rows of `llmCalls` in time order, the same for the same count. `at` is the position of each
 * column; `nextId` makes an id for a millisecond.
 */
export function* makeRows(
  count: number,
  at: EntityTable['at'],
  nextId: (millisecond: number) => string,
): Generator<Row> {
  const draw = createDraw(7);
  const width = Object.keys(at).length;
  for (const time of makeTimes(count)) {
    const row: Row = new Array(width).fill(null);
    fillRow(row, at, draw, time);
    row[at.id] = nextId(time);
    yield row;
  }
}

/** Instants in time order. Each hour gets its share of `HOURLY`, evenly spread. */
function* makeTimes(count: number): Generator<number> {
  const start = END - DAYS * DAY_MS;
  const hours = Array.from({ length: DAYS * 24 + 1 }, (_, index) => {
    const from = Math.max(start, Math.floor(start / 3_600_000) * 3_600_000 + index * 3_600_000);
    const to = Math.min(END, (Math.floor(from / 3_600_000) + 1) * 3_600_000);
    return { from, to, weight: (HOURLY[new Date(from).getUTCHours()] as number) * (to - from) };
  });
  const total = hours.reduce((sum, { weight }) => sum + weight, 0);
  let given = 0;
  let reached = 0;
  for (const { from, to, weight } of hours) {
    reached += weight;
    const share = Math.round((count * reached) / total) - given;
    for (let index = 0; index < share; index++) yield from + Math.floor(((to - from) * index) / share);
    given += share;
  }
}

function drawProfile(draw: () => number): Profile {
  let rest = draw();
  for (const profile of PROFILES) {
    rest -= profile.share;
    if (rest < 0) return profile;
  }
  return PROFILES[0] as Profile;
}

function pick<Value>(draw: () => number, values: readonly Value[]): Value {
  return values[Math.floor(draw() * values.length)] as Value;
}

/** Close to log-normal: a sum of uniform numbers, because the exact draw takes longer. */
function drawLatency(draw: () => number, median: number): number {
  const bell = draw() + draw() + draw() + draw() - 2;
  return Math.round(median * Math.exp(bell * 0.9) * 100) / 100;
}

function fillRow(row: Row, at: EntityTable['at'], draw: () => number, time: number): void {
  const set = (name: string, value: Row[number]) => {
    row[at[name] as number] = value;
  };
  const profile = drawProfile(draw);
  const success = draw() > 0.02;
  const promptTokens = Math.floor(100 + draw() ** 2 * 6000);
  const completionTokens = success ? Math.floor(5 + draw() ** 2 * 800) : 0;
  const latencyMs = drawLatency(draw, profile.latencyMs);
  set('projectId', 'default');
  set('timestamp', time);
  set('receivedAt', time + 5);
  set('service', pick(draw, SERVICES));
  set('environment', draw() < 0.9 ? 'production' : 'staging');
  set('requestId', `req-${Math.floor(draw() * 2 ** 48).toString(16)}`);
  set('provider', profile.provider);
  set('model', profile.model);
  set('operation', draw() < 0.9 ? 'chat' : 'completion');
  set('origin', 'app');
  set('endUser', `user-${Math.floor(2500 ** draw())}`);
  set('success', success);
  set('statusCode', success ? 200 : 429);
  set('cached', draw() < 0.08);
  set('streaming', draw() < 0.5);
  if (success) set('finishReason', pick(draw, FINISH));
  else set('errorType', 'rate_limit');
  set('promptTokens', promptTokens);
  set('completionTokens', completionTokens);
  set('cachedPromptTokens', Math.floor(promptTokens * draw() * 0.5));
  set('totalTokens', promptTokens + completionTokens);
  set(
    'cost',
    Math.round(1000 * (promptTokens * profile.inputPrice + completionTokens * profile.outputPrice)),
  );
  set('costSource', 'COMPUTED');
  set('latencyMs', latencyMs);
  set('timeToFirstTokenMs', Math.round(latencyMs * 0.3));
  set('timeToLastTokenMs', latencyMs);
  set('tokensPerSecond', Math.round(completionTokens / (latencyMs / 1000)));
  set('maxTokens', 1024);
  set('temperature', 0.7);
  set('topP', 1);
  set('messageCount', 1 + Math.floor(draw() * 12));
}
