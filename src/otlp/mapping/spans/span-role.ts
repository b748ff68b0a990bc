import type { Attributes, Span } from '../../protocol/telemetry.ts';
import { firstText } from '../attributes.ts';

/**
 * What a span is about. OUTER: an agent, a workflow or a chain, whose model calls arrive as
 * separate spans; it repeats their tokens.
 */
export type SpanRole = 'CALL' | 'TOOL' | 'OUTER' | 'OTHER';

/** `gen_ai.operation.name` of the OpenTelemetry conventions. All other operations contain calls. */
const OPERATIONS: ReadonlyMap<string, SpanRole> = new Map([
  ['chat', 'CALL'],
  ['text_completion', 'CALL'],
  ['generate_content', 'CALL'],
  ['embeddings', 'CALL'],
  ['completion', 'CALL'],
  ['embedding', 'CALL'],
  ['rerank', 'CALL'],
  ['execute_tool', 'TOOL'],
]);
/** `openinference.span.kind` of Arize's conventions. */
const OPENINFERENCE_KINDS: ReadonlyMap<string, SpanRole> = new Map([
  ['LLM', 'CALL'],
  ['EMBEDDING', 'CALL'],
  ['TOOL', 'TOOL'],
]);
/**
 * `llm.request.type` of OpenLLMetry. Its `traceloop.span.kind` belongs to decorators around calls.
 */
const OPENLLMETRY_TYPES: ReadonlySet<string> = new Set(['chat', 'completion', 'embedding', 'rerank']);
/** `langfuse.observation.type`, if only Langfuse's own SDK describes the call. */
const LANGFUSE_TYPES: ReadonlyMap<string, SpanRole> = new Map([
  ['generation', 'CALL'],
  ['embedding', 'CALL'],
  ['tool', 'TOOL'],
]);
/** `ai.operationId` of the Vercel AI SDK before version 7: the operations within the outer ones. */
const VERCEL_CALL = /\.do(?:Generate|Stream|Embed|Rerank)$/;
const VERCEL_TOOL = 'ai.toolCall';

/**
 * The families of names, in the order in which they are checked. Each recognizes its own spans
 * reliably.
 */
const FAMILIES: readonly (readonly [attribute: string, role: (value: string) => SpanRole])[] = [
  ['ai.operationId', (id) => (VERCEL_CALL.test(id) ? 'CALL' : id === VERCEL_TOOL ? 'TOOL' : 'OUTER')],
  ['openinference.span.kind', (kind) => OPENINFERENCE_KINDS.get(kind.toUpperCase()) ?? 'OUTER'],
  ['gen_ai.operation.name', (operation) => OPERATIONS.get(operation.toLowerCase()) ?? 'OUTER'],
  ['llm.request.type', (type) => (OPENLLMETRY_TYPES.has(type.toLowerCase()) ? 'CALL' : 'OTHER')],
  ['traceloop.span.kind', (kind) => (kind === 'tool' ? 'TOOL' : 'OUTER')],
  ['langfuse.observation.type', (type) => LANGFUSE_TYPES.get(type.toLowerCase()) ?? 'OUTER'],
];

/** Decides by the names of all generations of conventions. */
export function roleOf({ attributes }: Pick<Span, 'attributes'>): SpanRole {
  for (const [attribute, role] of FAMILIES) {
    const value = firstText(attributes, attribute);
    if (value !== undefined) return role(value);
  }
  return isOldCall(attributes) ? 'CALL' : 'OTHER';
}

/** The first libraries set a model and token counts, but no operation. */
const isOldCall = (attributes: Attributes): boolean =>
  firstText(attributes, 'gen_ai.request.model', 'llm.model_name') !== undefined &&
  firstText(
    attributes,
    'gen_ai.usage.prompt_tokens',
    'gen_ai.usage.input_tokens',
    'llm.token_count.prompt',
  ) !== undefined;
