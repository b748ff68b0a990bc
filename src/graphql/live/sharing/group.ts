import type { ExecutionResult } from 'graphql';
import type { Deliveries, Delivery, Receiver } from '../../../live/live.ts';
import type { Portions } from '../../../runtime/portions.ts';
import { createMember, type Member } from './member.ts';

/** Subscriptions that get the same results. */
export interface Group {
  /** Adds a subscription, which gets the events from now on. */
  join(): Member;
}

export interface GroupOptions<Event> {
  /** Nothing has been read of it. */
  readonly source: Deliveries<Event>;
  /** Must not throw or reject. */
  readonly execute: (event: Delivery<Event>) => ExecutionResult | Promise<ExecutionResult>;
  /** What the members get last if the source fails. */
  readonly failed: (reason: unknown) => ExecutionResult;
  readonly portions: Portions;
  /** Runs work that belongs to none of the members. */
  readonly detached: (work: () => void) => void;
  /** Called once, when nobody can join any more. */
  readonly onEnd: () => void;
}

/** An event that members wait for. */
interface Entry<Event> {
  readonly number: number;
  readonly event: Event;
  /** How many members have not taken it. */
  awaitedBy: number;
  result: ExecutionResult | null;
}

/** Members that get a result in one portion, and the microseconds that one takes, about. */
const PER_PORTION = 64;
const MICROSECONDS_OF_MEMBER = 10;
/**
 * Results that wait for members that lag behind. Older ones are made again when they are needed: the
 * events take no memory of their own, because all groups keep the same.
 */
const KEPT_RESULTS = 64;

/**
 * Executes each event once for all members, as soon as the first of them is ready for it. Each member
 * goes on at its own pace. What some have not taken waits; beyond the capacity of the source the oldest
 * event is dropped. So a slow member costs the others nothing, and all of them hold one queue.
 */
export function createGroup<Event>({
  source,
  execute,
  failed,
  portions,
  detached,
  onEnd,
}: GroupOptions<Event>): Group {
  const members = new Set<Member>();
  /** In order, without gaps. */
  const entries: Entry<Event>[] = [];
  let next = 0;
  let newest = -1;
  let serving = false;
  let again = false;
  let ended = false;
  let last: ExecutionResult | undefined;

  function close(): void {
    if (ended) return;
    ended = true;
    onEnd();
  }

  function forgetTaken(): void {
    while (entries[0]?.awaitedBy === 0) entries.shift();
  }

  function receive(event: Event): void {
    if (members.size === 0) return;
    if (entries.length >= source.capacity) source.noteDropped(entries.shift()?.awaitedBy ?? 0);
    entries.push({ number: next, event, awaitedBy: members.size, result: null });
    next += 1;
    serve();
  }

  /** The entry that the member takes now. It must not have taken all. */
  function takeEntry(member: Member): Entry<Event> {
    const first = next - entries.length;
    if (member.position < first) {
      member.missed += first - member.position;
      member.position = first;
    }
    const entry = entries[member.position - first] as Entry<Event>;
    member.position += 1;
    entry.awaitedBy -= 1;
    return entry;
  }

  async function makeResult(entry: Entry<Event>): Promise<ExecutionResult> {
    const { number, event } = entry;
    const result = await execute({ event, dropped: 0 });
    if (number > newest - KEPT_RESULTS) entry.result = result;
    for (; newest < number; newest++) {
      const old = entries[newest + 1 - KEPT_RESULTS - (next - entries.length)];
      if (old !== undefined) old.result = null;
    }
    return result;
  }

  function give(member: Member, result: ExecutionResult): void {
    const { missed } = member;
    member.missed = 0;
    try {
      member.take(missed === 0 ? result : withDropped(result, missed));
    } catch (reason) {
      member.end(failed(reason));
    }
  }

  /** Gives each member that is ready its next result, until none is. */
  async function serveAll(): Promise<void> {
    let left = 0;
    while (again) {
      again = false;
      for (const member of members) {
        if (member.position === next && ended) member.end(last);
        if (member.position === next || !member.isReady) continue;
        if (left === 0) {
          left = Math.min(members.size, PER_PORTION);
          await portions.pass(left * MICROSECONDS_OF_MEMBER);
          if (member.hasEnded) continue;
        }
        left -= 1;
        const entry = takeEntry(member);
        give(member, entry.result ?? (await makeResult(entry)));
        forgetTaken();
      }
    }
    serving = false;
  }

  function serve(): void {
    again = true;
    if (serving) return;
    serving = true;
    detached(() => void serveAll());
  }

  function leave(member: Member): void {
    members.delete(member);
    for (const entry of entries) if (entry.number >= member.position) entry.awaitedBy -= 1;
    forgetTaken();
    if (members.size > 0) return;
    close();
    void source.return?.();
  }

  const receiver: Receiver<Event> = {
    receive,
    end(failure) {
      last = failure === null ? undefined : failed(failure.reason);
      close();
      serve();
    },
  };
  let started = false;
  return {
    join() {
      const member = createMember({ serve, leave }, next);
      members.add(member);
      if (!started) {
        started = true;
        member.missed = source.handTo(receiver);
      }
      return member;
    },
  };
}

function withDropped({ extensions, ...result }: ExecutionResult, dropped: number): ExecutionResult {
  return { ...result, extensions: { ...extensions, dropped } };
}
