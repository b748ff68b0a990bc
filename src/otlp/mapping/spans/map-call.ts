import type { Span } from '../../protocol/telemetry.ts';
import type { MappedEvent } from '../mapped.ts';
import type { Sender } from '../sender.ts';
import { modelCallOf } from './model-call.ts';
import type { CountedCall, NestedCalls, NestedSpan } from './nested-calls.ts';
import type { OuterSpans } from './outer-spans.ts';

export interface CallMapping {
  readonly projectId: string;
  readonly sender: Sender;
  readonly nestedCalls: NestedCalls;
  /** Of this request. */
  readonly outerSpans: OuterSpans;
  /** The number of this request. */
  readonly request: number;
}

/**
 * Adds the model call of a span, unless another span about the same call is counted. The inner one
 * counts. What it lacks is taken from the spans around it, if they arrive in the same request.
 */
export function mapCall(span: Span, mapping: CallMapping): void {
  const { projectId, sender, nestedCalls, outerSpans, request } = mapping;
  const nested = nestedCalls.find(projectId, span);
  const { within: inner } = nested;
  const outer = aroundOf(nested, request);
  if (inner !== undefined) {
    sender.ignore('OUTER_CALL', span.name);
    nested.noteOuter(inner);
    outerSpans.note(span);
    if (outer?.request === request) replace(outer, sender);
    if (inner.request === request) fillInner(inner, modelCallOf(span, sender), sender);
    return;
  }
  if (outer !== undefined && outer.request !== request) {
    sender.ignore('INNER_CALL', span.name);
    nested.noteInner(outer);
    return;
  }
  const call = modelCallOf(span, sender);
  if (call === null) sender.ignore('NO_MODEL', span.name);
  else nested.note(addCall(span, call, mapping, outer));
}

function addCall(
  span: Span,
  call: MappedEvent,
  { projectId, sender, outerSpans, request }: CallMapping,
  outer: CountedCall | undefined,
): CountedCall {
  const { name, traceId } = span;
  let event = call;
  if (outer !== undefined) {
    const around = sender.at('llmCalls', outer.index);
    // If the outer span describes a single call, that is the first one within it.
    event = filled(call, around, !outer.isReplaced);
    replace(outer, sender);
  }
  const index = sender.add('llmCalls', event);
  outerSpans.noteEvent({ dataset: 'llmCalls', index, common: sender.common.tags }, span);
  const hasResult = hasTokens(call) || call['success'] === false;
  // A single literal: spreading others into it would take as long as reading the span.
  return { name, projectId, traceId, request, index, hasResult, sibling: undefined, isReplaced: false };
}

/**
 * The call counted around a span. If it came in an earlier request, it must have a result and must
 * not have been replaced: a replaced call no longer counts, because its request may be repeated if
 * it could not be stored.
 */
function aroundOf({ around: outer }: NestedSpan, request: number): CountedCall | undefined {
  if (outer === undefined || outer.request === request) return outer;
  return outer.isReplaced || !outer.hasResult ? undefined : outer;
}

function replace(outer: CountedCall, sender: Sender): void {
  if (!outer.isReplaced) sender.drop('llmCalls', outer.index, 'OUTER_CALL', outer.name);
  outer.isReplaced = true;
}

/**
 * Gives the calls within a span what it says about all of them. A single call also gets what the
 * span says about the call itself.
 */
function fillInner(inner: CountedCall, outer: MappedEvent | null, sender: Sender): void {
  if (outer === null) return;
  const isAlone = inner.sibling === undefined;
  for (let call: CountedCall | undefined = inner; call !== undefined; call = call.sibling) {
    sender.change('llmCalls', call.index, filled(sender.at('llmCalls', call.index), outer, isAlone));
  }
}

/** Who made the call, and for whom. */
const CONTEXT = ['endUser', 'sessionId', 'agentId', 'promptVersion', 'environment', 'release'] as const;
/** Facts about the call itself, apart from whether it failed. */
const DETAILS = [
  ...[
    'cost',
    'timeToFirstTokenMs',
    'streaming',
    'finishReason',
    'temperature',
    'topP',
    'maxTokens',
    'serviceTier',
  ],
] as const;
const TOKENS = [
  ...['promptTokens', 'completionTokens', 'cachedPromptTokens', 'cacheWritePromptTokens', 'reasoningTokens'],
  ...['audioPromptTokens', 'audioCompletionTokens'],
] as const;

const hasTokens = (call: MappedEvent): boolean =>
  call['promptTokens'] !== 0 || call['completionTokens'] !== 0;

function filled(inner: MappedEvent, outer: MappedEvent, isAlone: boolean): MappedEvent {
  const event: Record<string, unknown> = { ...inner };
  for (const name of isAlone ? [...CONTEXT, ...DETAILS] : CONTEXT) event[name] ??= outer[name];
  if (isAlone && !hasTokens(inner)) for (const name of TOKENS) event[name] = outer[name];
  const [own, around] = [inner['tags'], outer['tags']];
  if (typeof around === 'object') event['tags'] = { ...around, ...(typeof own === 'object' && own) };
  return event;
}
