import type { Span } from '../../protocol/telemetry.ts';
import { type CallTable, createCallTable, highWord, lowWord } from './call-table.ts';

/** A model call that was counted. */
export interface CountedCall {
  /** That of its span. */
  readonly name: string;
  readonly projectId: string;
  readonly traceId: string;
  /** The number of the request in which it came. */
  readonly request: number;
  /** Where its event is in that request. */
  readonly index: number;
  /** The call counted before it within the same span and request; `note` finds it. */
  sibling: CountedCall | undefined;
  /** Whether it says what was used, or that it failed: then the calls within it say nothing new. */
  readonly hasResult: boolean;
  /** Whether a call within it counts in its place. */
  isReplaced: boolean;
}

type Ids = Pick<Span, 'traceId' | 'spanId' | 'parentSpanId'>;

/**
 * Knows which spans are about one call, across requests of senders. Two libraries may describe it, one around
 * the other: a framework and the SDK of the provider. Mostly the inner span ends first, and so comes first.
 * But a wrapper may end as soon as it has the answer, before the SDK in it has closed its own span.
 */
export interface NestedCalls {
  /** Finds what was counted within a span and around it. It holds until the next span is looked up. */
  find(projectId: string, span: Ids): NestedSpan;
}

/** What is known of a span, and the place to note what becomes of it. */
export interface NestedSpan {
  /** The call that was counted last within the span, however deep. */
  readonly within: CountedCall | undefined;
  /** The call that was counted around the span. */
  readonly around: CountedCall | undefined;
  /** Notes that the call of the span was counted. */
  note(call: CountedCall): void;
  /** Notes that the span, which is around a counted call, was not counted: a third library may be around it. */
  noteOuter(call: CountedCall): void;
  /** Notes that the span, which is within a counted call, was not counted: a third library may be in it. */
  noteInner(call: CountedCall): void;
}

/** So many spans are remembered at least: those of the last seconds of a busy server. */
const REMEMBERED = 20_000;

export function createNestedCalls(): NestedCalls {
  const cursor = new Cursor();
  return {
    find(projectId, span) {
      cursor.moveTo(projectId, span);
      return cursor;
    },
  };
}

/**
 * One for all spans, which moves from span to span: each id is read and looked up once. Two generations are
 * kept: when the younger one is full, the older one is forgotten.
 */
class Cursor implements NestedSpan {
  within: CountedCall | undefined;
  around: CountedCall | undefined;
  #sibling: CountedCall | undefined;
  #young = createCallTable<CountedCall>(REMEMBERED);
  #old = createCallTable<CountedCall>(REMEMBERED);
  #spanHigh = 0;
  #spanLow = 0;
  #parentHigh = 0;
  #parentLow = 0;

  moveTo(projectId: string, { traceId, spanId, parentSpanId }: Ids): void {
    const [high, low] = [highWord(spanId), lowWord(spanId)];
    const [parentHigh, parentLow] = [highWord(parentSpanId), lowWord(parentSpanId)];
    this.#spanHigh = high;
    this.#spanLow = low;
    this.#parentHigh = parentHigh;
    this.#parentLow = parentLow;
    const [young, old] = [this.#young, this.#old];
    const isKnown = (call: CountedCall | undefined): call is CountedCall =>
      call !== undefined && call.traceId === traceId && call.projectId === projectId;
    const known = (table: CallTable<CountedCall>, at: number, kind: 'inner' | 'own') => {
      const call = at === -1 ? undefined : table[kind](at);
      return isKnown(call) ? call : undefined;
    };
    const [youngSpan, oldSpan] = [young.find(high, low), old.find(high, low)];
    const [youngParent, oldParent] = [young.find(parentHigh, parentLow), old.find(parentHigh, parentLow)];
    this.within = known(young, youngSpan, 'inner') ?? known(old, oldSpan, 'inner');
    this.around = known(young, youngParent, 'own') ?? known(old, oldParent, 'own');
    this.#sibling = known(young, youngParent, 'inner') ?? known(old, oldParent, 'inner');
  }

  note(call: CountedCall): void {
    if (this.#sibling?.request === call.request) call.sibling = this.#sibling;
    this.noteOuter(call);
    this.noteInner(call);
  }

  noteOuter(call: CountedCall): void {
    this.#young.setInner(this.#parentHigh, this.#parentLow, call);
    this.#renew();
  }

  noteInner(call: CountedCall): void {
    this.#young.setOwn(this.#spanHigh, this.#spanLow, call);
    this.#renew();
  }

  #renew(): void {
    if (!this.#young.isFull()) return;
    [this.#young, this.#old] = [this.#old, this.#young];
    this.#young.clear();
  }
}
