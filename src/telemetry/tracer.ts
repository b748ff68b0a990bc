import { AsyncLocalStorage } from 'node:async_hooks';
import { type FinishedSpan, type OpenSpan, SPAN_KIND, type SpanAttributes, type SpanKind } from './spans.ts';
import { groupTimes, type StatementGroup, type Times } from './statement-groups.ts';
import { newSpanId, newTraceId, type TraceContext } from './trace-context.ts';

export interface NewSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes?: SpanAttributes;
  /**
   * What the caller of the server sent; if null, the span begins a trace. If absent, the span is a
   * child of the active one; if none is active, there is no span.
   */
  readonly caller?: TraceContext | null;
}

/** Makes spans, and knows which span work belongs to. */
export interface Tracer {
  /** Runs work as a part of a new span, which the work or its result ends. */
  span<Value>(span: NewSpan, work: (span: OpenSpan) => Value): Value;
  /** Whether the current work belongs to a span that is kept. */
  isTracing(): boolean;
  /** Adds a statement to the active span. Concurrent and adjacent statements are shown as one. */
  statement(times: Times): void;
  close(): void;
}

export interface TracerOptions {
  readonly onEnd: (span: FinishedSpan) => void;
  /** The share of traces begun here that are kept: 0 to 1. */
  readonly share: number;
}

interface Context extends TraceContext {
  /** The statements so far, some of them merged. */
  statements: StatementGroup[];
  /** False once the span has ended. Work that it began may continue, even forever. */
  isOpen: boolean;
}

/** A stream runs statements as long as it lasts. From this many on, they are merged. */
const MAX_STATEMENTS = 1_000;

const IGNORED: OpenSpan = { set: () => {}, rename: () => {}, end: () => {} };

export function createTracer({ onEnd, share }: TracerOptions): Tracer {
  const contexts = new AsyncLocalStorage<Context>();
  const newTrace = () => ({ traceId: newTraceId(), spanId: '', isSampled: Math.random() < share });

  return {
    span({ caller, ...span }, work) {
      const parent = contexts.getStore() ?? (caller === undefined ? null : (caller ?? newTrace()));
      if (parent === null) return work(IGNORED);
      const { traceId, isSampled } = parent;
      const context = { traceId, spanId: newSpanId(), isSampled, statements: [], isOpen: isSampled };
      const open = isSampled ? openSpan({ ...span, context, parentSpanId: parent.spanId }, onEnd) : IGNORED;
      return contexts.run(context, () => work(open));
    },
    isTracing: () => contexts.getStore()?.isOpen ?? false,
    statement(times) {
      const context = contexts.getStore();
      if (!context?.isOpen) return;
      context.statements.push({ ...times, statements: 1 });
      if (context.statements.length >= MAX_STATEMENTS) context.statements = groupTimes(context.statements);
    },
    close: () => contexts.disable(),
  };
}

interface Opened extends Omit<NewSpan, 'caller'> {
  readonly context: Context;
  readonly parentSpanId: string;
}

function openSpan(opened: Opened, onEnd: TracerOptions['onEnd']): OpenSpan {
  const { context, parentSpanId, kind } = opened;
  const { traceId, spanId } = context;
  const start = performance.now();
  let { name, attributes = {} } = opened;
  return {
    set(more) {
      attributes = { ...attributes, ...more };
    },
    rename(other) {
      name = other;
    },
    end(error = null) {
      if (!context.isOpen) return;
      context.isOpen = false;
      for (const { statements, ...times } of groupTimes(context.statements)) {
        const group = { name: 'database', kind: SPAN_KIND.CLIENT, attributes: { statements }, error: null };
        onEnd({ traceId, spanId: newSpanId(), parentSpanId: spanId, ...group, ...toEpoch(times) });
      }
      const times = toEpoch({ start, end: performance.now() });
      onEnd({ traceId, spanId, parentSpanId, kind, name, attributes, error, ...times });
    },
  };
}

const toEpoch = ({ start, end }: Times) => ({
  startMs: performance.timeOrigin + start,
  endMs: performance.timeOrigin + end,
});
