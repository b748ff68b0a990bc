import type { ExecutionResult } from 'graphql';
import type { Reader } from './event-log.ts';
import type { ResultSink, SharedResults } from './shared-results.ts';

/** A subscription of a group, as the group sees it. */
export interface Member extends SharedResults, Reader {
  readonly isReady: boolean;
  readonly hasEnded: boolean;
  /** May be called only while the member is ready. */
  take(result: ExecutionResult): void;
}

/** What a member needs from its group. */
export interface MemberOwner {
  /** Called when the member has become ready. */
  serve(member: Member): void;
  leave(member: Member): void;
}

type Resolve = (result: IteratorResult<ExecutionResult>) => void;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

export function createMember(owner: MemberOwner, position: number): Member {
  return new GroupMember(owner, position);
}

/** A class, because there are thousands: closures would take more memory than its state. */
class GroupMember implements Member {
  position: number;
  missed = 0;
  isReady = false;
  hasEnded = false;
  readonly #owner: MemberOwner;
  #sink: ResultSink | null = null;
  /** Reads that wait for a result, in order. */
  #reads: Resolve[] | null = null;
  #onEnd: (() => void) | null = null;
  #last: ExecutionResult | undefined = undefined;

  constructor(owner: MemberOwner, position: number) {
    this.#owner = owner;
    this.position = position;
  }

  handTo(sink: ResultSink): void {
    this.#sink = sink;
    if (this.hasEnded) sink.end(this.#last);
    else this.ready();
  }

  ready(): void {
    if (this.hasEnded) return;
    this.isReady = true;
    this.#owner.serve(this);
  }

  whenEnded(listener: () => void): void {
    if (this.hasEnded) listener();
    else this.#onEnd = listener;
  }

  take(result: ExecutionResult): void {
    if (this.hasEnded) return;
    if (this.#sink !== null) {
      this.isReady = false;
      this.#sink.take(result);
      return;
    }
    this.#reads?.shift()?.({ done: false, value: result });
    this.isReady = (this.#reads?.length ?? 0) > 0;
  }

  next(): Promise<IteratorResult<ExecutionResult>> {
    if (this.hasEnded) return Promise.resolve(this.#final());
    return new Promise((resolve) => {
      this.#reads ??= [];
      this.#reads.push(resolve);
      this.ready();
    });
  }

  return(): Promise<IteratorResult<ExecutionResult>> {
    this.end();
    return Promise.resolve(DONE);
  }

  end(last?: ExecutionResult): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.isReady = false;
    this.#last = last;
    this.#owner.leave(this);
    this.#onEnd?.();
    this.#sink?.end(last);
    for (const resolve of this.#reads ?? []) resolve(this.#final());
    this.#reads = null;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** What a reader gets after the end: the last result once, then completion. */
  #final(): IteratorResult<ExecutionResult> {
    if (this.#last === undefined) return DONE;
    const value = this.#last;
    this.#last = undefined;
    return { done: false, value };
  }
}
