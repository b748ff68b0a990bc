import { type Span, STATUS_ERROR } from '../../protocol/telemetry.ts';
import { asText, compileNames } from '../attributes.ts';
import type { Sender } from '../sender.ts';
import { SESSION_NAMES } from './call-attributes.ts';
import { failureOf } from './failure.ts';
import { durationOf } from './model-call.ts';
import type { OuterSpans } from './outer-spans.ts';
import { tagsOfSpan } from './span-tags.ts';

const readToolAttributes = compileNames({
  tool: ['gen_ai.tool.name', 'ai.toolCall.name', 'tool.name', 'traceloop.entity.name'],
  mcpServer: ['mcp.server.name', 'gen_ai.tool.mcp_server'],
  agentId: ['gen_ai.agent.id', 'gen_ai.agent.name'],
  sessionId: SESSION_NAMES,
  level: ['langfuse.observation.level'],
});

/** Adds the use of a tool that a span describes. */
export function addToolCall(span: Span, sender: Sender, outerSpans: OuterSpans): void {
  const found = readToolAttributes(span.attributes);
  const failed = span.statusCode === STATUS_ERROR || found.level === 'ERROR';
  const index = sender.add('toolCalls', {
    ...sender.common,
    tags: tagsOfSpan(span.attributes, sender.common.tags),
    id: sender.idAt('toolCalls', span.startMs, `${span.traceId} ${span.spanId}`),
    timestamp: new Date(span.startMs),
    requestId: span.traceId,
    agentId: sender.agentId ?? asText(found.agentId),
    sessionId: asText(found.sessionId),
    tool: asText(found.tool) ?? span.name,
    mcpServer: asText(found.mcpServer),
    success: !failed,
    durationMs: durationOf(span),
    errorType: failed ? failureOf(span).errorType : undefined,
  });
  outerSpans.noteEvent({ dataset: 'toolCalls', index, common: sender.common.tags }, span);
}
