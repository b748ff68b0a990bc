import type { Span } from '../../protocol/telemetry.ts';
import { type CallTable, createCallTable, highWord, lowWord } from './call-table.ts';

/** A model call that was counted. */
export interface CountedCall {
  /** The name of its span. */
  readonly name: string;
  readonly projectId: string;
  readonly traceId: string;
  /** The number of the request that contained it. */
  readonly request: number;
  /** The index of its event in that request. */
  readonly index: number;
  /** The previous call counted within the same span and request; `note` finds it. */
  sibling: CountedCall | undefined;
  /** Whether it reports usage or a failure: then calls within it add nothing new. */
  readonly hasResult: boolean;
  /** Whether a call within it counts instead. */
  isReplaced: boolean;
}

type Ids = Pick<Span, 'traceId' | 'spanId' | 'parentSpanId'>;

/**
 * Knows which spans are about the same call, across requests of senders. Two libraries may describe
 * it, one around the other: a framework and the SDK of the provider. Usually the inner span ends
 * first, and so arrives first. But a wrapper may end as soon as it has the answer, before the SDK
 * in it has closed its own span.
 */
export interface NestedCalls {
  /**
   * Finds what was counted within a span and around it. The result is valid until the next span is
   * looked up.
   */
  find(projectId: string, span: Ids): NestedSpan;
}

/** What is known about a span, and methods to record what becomes of it. */
export interface NestedSpan {
  /** The last call counted within the span, at any depth. */
  readonly within: CountedCall | undefined;
  /** The call counted around the span. */
  readonly around: CountedCall | undefined;
  /** Records that the call of the span was counted. */
  note(call: CountedCall): void;
  /**
   * Records that the span, which surrounds a counted call, was not counted: a third library may
   * surround it.
   */
  noteOuter(call: CountedCall): void;
  /**
   * Records that the span, which is within a counted call, was not counted: a third library may be
   * in it.
   */
  noteInner(call: CountedCall): void;
}

/** How many spans are remembered at least: those of the last seconds of a busy server. */
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
 * A single cursor for all spans: each id is read and looked up once. Two generations are kept: when
 * the younger one is full, the older one is dropped.
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
