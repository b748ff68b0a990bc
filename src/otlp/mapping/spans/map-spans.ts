import { type Batch, SPAN_KINDS, type Span } from '../../protocol/telemetry.ts';
import { sendsEvents } from '../coding-agents.ts';
import { addClaudeSpan, isOfClaudeCode } from './claude-code.ts';
import { addExceptions } from './exceptions.ts';
import { type CallMapping, mapCall } from './map-call.ts';
import { addServerRequest, isHttpRequest } from './server-request.ts';
import { roleOf } from './span-role.ts';
import { addToolCall } from './tool-call.ts';

export interface SpanMapping extends CallMapping {
  /** Called before each span. */
  readonly next: () => void;
}

/** Adds the events for the spans of a batch. */
export function mapSpans({ items }: Pick<Batch<Span>, 'items'>, mapping: SpanMapping): void {
  const { sender, next, outerSpans } = mapping;
  for (const span of items) {
    next();
    if (span.events.length > 0) addExceptions(span, sender, outerSpans);
    mapSpan(span, mapping);
  }
}

function mapSpan(span: Span, mapping: SpanMapping): void {
  const { sender } = mapping;
  if (isOfClaudeCode(span)) addClaudeSpan(span, sender);
  else if (sendsEvents(sender.name)) sender.ignore('COUNTED_ELSEWHERE', span.name);
  else if (span.kind === SPAN_KINDS.SERVER && isHttpRequest(span)) addServerRequest(span, sender);
  else mapByRole(span, mapping);
}

function mapByRole(span: Span, mapping: SpanMapping): void {
  const { sender, outerSpans } = mapping;
  const role = roleOf(span);
  if (role === 'TOOL' || role === 'OUTER') outerSpans.note(span);
  if (role === 'CALL') mapCall(span, mapping);
  else if (role === 'TOOL') addToolCall(span, sender, outerSpans);
  else sender.ignore(role === 'OUTER' ? 'OUTER_SPAN' : 'OTHER_SPAN', span.name);
}
