import type { Span } from '../../protocol/telemetry.ts';
import { asText, compileNames } from '../attributes.ts';
import type { MappedEvent, Sink, TargetName } from '../mapped.ts';
import { MAX_TAGS } from '../sender.ts';
import { SESSION_NAMES, USER_NAMES } from './call-attributes.ts';
import { tagsOfSpan } from './span-tags.ts';

type Ids = Pick<Span, 'traceId' | 'spanId' | 'parentSpanId'>;

/**
 * Knows the agents, workflows and tools of one request, and passes on what they say about
 * everything within them: the session, the user, the agent and tags. The Vercel AI SDK 7 says it
 * only in the outermost span.
 */
export interface OuterSpans {
  /** Remembers a span that may surround calls and tools. */
  note(span: Span): void;
  /** Remembers an event of a span. Spans around it may come later in the request. */
  noteEvent(event: NotedEvent, span: Ids): void;
  /**
   * Gives the events what they lack and the spans around them say. The nearest span takes
   * precedence. Call it when all spans are mapped.
   *
   * @param pass waits until this many microseconds of work may be done
   */
  fillEvents(sink: Pick<Sink, 'at' | 'change'>, pass: (microseconds: number) => Promise<void>): Promise<void>;
}

export interface NotedEvent {
  readonly dataset: TargetName;
  readonly index: number;
  /** Tags of the resource, over which those of spans take precedence. */
  readonly common: Tags;
}

type Tags = Readonly<Record<string, string>> | undefined;

interface Outer {
  readonly parent: string;
  /** What the span says; later also what the spans around it say. */
  context: Context;
  isResolved: boolean;
}

interface Context {
  readonly sessionId: string | undefined;
  readonly endUser: string | undefined;
  readonly agentId: string | undefined;
  readonly tags: Tags;
}

const readContext = compileNames({
  sessionId: SESSION_NAMES,
  endUser: USER_NAMES,
  agentId: ['gen_ai.agent.id', 'gen_ai.agent.name'],
});

export function createOuterSpans(): OuterSpans {
  const outers = new Map<string, Outer>();
  const inner: (NotedEvent & { readonly around: string })[] = [];
  let saysAnything = false;

  return {
    note(span) {
      const context = contextOf(span);
      saysAnything ||= Object.values(context).some((value) => value !== undefined);
      outers.set(keyOf(span.traceId, span.spanId), {
        parent: keyOf(span.traceId, span.parentSpanId),
        context,
        isResolved: false,
      });
    },
    noteEvent({ dataset, index, common }, { traceId, parentSpanId }) {
      if (parentSpanId !== '') inner.push({ dataset, index, common, around: keyOf(traceId, parentSpanId) });
    },
    async fillEvents(sink, pass) {
      if (!saysAnything) return;
      for (const [at, noted] of inner.entries()) {
        if (at % EVENTS_PER_TURN === 0) await pass(TURN_MICROSECONDS);
        const { dataset, index, around } = noted;
        const context = resolve(outers, around);
        if (context !== undefined)
          sink.change(dataset, index, filled(sink.at(dataset, index), noted, context));
      }
    },
  };
}

const EVENTS_PER_TURN = 1_000;
/** The approximate time to fill these events. */
const TURN_MICROSECONDS = 2_000;

const keyOf = (traceId: string, spanId: string): string => `${traceId} ${spanId}`;

function contextOf({ attributes }: Span): Context {
  const { sessionId, endUser, agentId } = readContext(attributes);
  return {
    sessionId: asText(sessionId),
    endUser: asText(endUser),
    agentId: asText(agentId),
    tags: tagsOfSpan(attributes, undefined),
  };
}

/**
 * What the span with this key and all spans around it say; undefined if it is unknown. Each span is
 * resolved once, in whatever order, and spans that surround each other end the search.
 */
function resolve(outers: ReadonlyMap<string, Outer>, key: string): Context | undefined {
  const path: Outer[] = [];
  for (let outer = outers.get(key); outer !== undefined; outer = outers.get(outer.parent)) {
    path.push(outer);
    if (outer.isResolved) break;
    outer.isResolved = true;
  }
  for (let at = path.length - 2; at >= 0; at--) {
    const [outer, around] = [path[at], path[at + 1]];
    if (outer !== undefined && around !== undefined) outer.context = merged(outer.context, around.context);
  }
  return path[0]?.context;
}

const merged = (own: Context, around: Context): Context => ({
  sessionId: own.sessionId ?? around.sessionId,
  endUser: own.endUser ?? around.endUser,
  agentId: own.agentId ?? around.agentId,
  tags: own.tags === undefined ? around.tags : { ...around.tags, ...own.tags },
});

/** The datasets that have a column for the user or for the agent. */
const WITH_USER: ReadonlySet<TargetName> = new Set(['llmCalls']);
const WITH_AGENT: ReadonlySet<TargetName> = new Set(['llmCalls', 'toolCalls']);

function filled(event: MappedEvent, { dataset, common }: NotedEvent, context: Context): MappedEvent {
  return {
    ...event,
    sessionId: event['sessionId'] ?? context.sessionId,
    ...(WITH_USER.has(dataset) && { endUser: event['endUser'] ?? context.endUser }),
    ...(WITH_AGENT.has(dataset) && { agentId: event['agentId'] ?? context.agentId }),
    tags: withTags(event['tags'] as Tags, common, context.tags),
  };
}

/** The span's own tags take precedence over those around it, and these over the resource's. */
function withTags(tags: Tags, common: Tags, around: Tags): Tags {
  if (around === undefined) return tags;
  const own = Object.entries(tags ?? {}).filter(([name, text]) => common?.[name] !== text);
  return Object.fromEntries(
    Object.entries({
      ...Object.fromEntries(own),
      ...around,
      ...common,
      ...around,
      ...Object.fromEntries(own),
    }).slice(0, MAX_TAGS),
  );
}
