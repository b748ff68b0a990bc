import type { OneRequestQuery } from '../../generated/graphql.ts';
import type { Tone } from '../../parts/tone.ts';

/** A request with its calls, tools, techniques, generations and errors. */
export type RequestParts = Extract<NonNullable<OneRequestQuery['node']>, { endpoint: unknown }>;

/** A part of a request as a row of the waterfall, with the event behind it. */
export interface RequestRow {
  readonly key: string;
  readonly label: string;
  readonly start: number;
  readonly durationMs: number | null;
  readonly tone: Tone;
  readonly depth: number;
  readonly detail?: string;
  readonly event: unknown;
}

const toneOf = (success: boolean | null | undefined, tone: Tone): Tone => (success === false ? 'bad' : tone);

/** The request first, then its parts in the order of time. `timestamp` is the start of a row. */
export function rowsOf(request: RequestParts): RequestRow[] {
  const calls = request.llmCalls.map((event) => ({
    key: event.id,
    label: `${event.provider} ${event.model}`,
    start: Date.parse(event.timestamp),
    durationMs: event.latencyMs ?? null,
    tone: toneOf(event.success, 'accent'),
    detail: event.errorMessage ?? event.errorType ?? event.finishReason ?? undefined,
    event,
  }));
  const tools = request.toolCalls.map((event) => ({
    key: event.id,
    label: event.mcpServer ? `${event.tool} of ${event.mcpServer}` : event.tool,
    start: Date.parse(event.timestamp),
    durationMs: event.durationMs ?? null,
    tone: toneOf(event.success, 'info'),
    detail: event.errorType ?? undefined,
    event,
  }));
  const techniques = request.techniqueUsages.map((event) => ({
    key: event.id,
    label: `Technique ${event.techniqueSuite}`,
    start: Date.parse(event.timestamp),
    durationMs: null,
    tone: toneOf(event.success, 'neutral'),
    event,
  }));
  const generations = request.generations.map((event) => ({
    key: event.id,
    label: `Generation ${event.kind ?? ''}`,
    start: Date.parse(event.timestamp),
    durationMs: event.durationMs ?? null,
    tone: toneOf(event.success, 'good'),
    event,
  }));
  const errors = request.errorLogs.map((event) => ({
    key: event.id,
    label: event.errorType,
    start: Date.parse(event.timestamp),
    durationMs: null,
    tone: 'bad' as const,
    detail: event.errorMessage ?? undefined,
    event,
  }));
  const parts = [...calls, ...tools, ...techniques, ...generations, ...errors];
  const whole = {
    key: request.id,
    label: `${request.method ?? ''} ${request.endpoint}`,
    start: Date.parse(request.timestamp),
    durationMs: request.latencyMs ?? null,
    tone: toneOf(request.success, 'neutral'),
    depth: 0,
    event: request,
  };
  return [whole, ...parts.sort((a, b) => a.start - b.start).map((part) => ({ ...part, depth: 1 }))];
}
