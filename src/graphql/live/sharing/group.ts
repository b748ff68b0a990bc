import type { ExecutionResult } from 'graphql';
import type { Deliveries, Delivery, Receiver } from '../../../live/live.ts';
import type { Portions } from '../../../runtime/portions.ts';
import { createEventLog, type Entry } from './event-log.ts';
import { createMember, type Member, type MemberOwner } from './member.ts';

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

/** Members that get a result in one portion, and the microseconds that one takes, about. */
const PER_PORTION = 64;
const MICROSECONDS_OF_MEMBER = 10;
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
  /** Those that wait for the result of an event that lies far back, and such results in the making. */
  const apart = new Set<Member>();
  const making = new Map<Entry<Event>, Promise<ExecutionResult>>();
  const log = createEventLog<Event>(source.capacity);
  let serving = false;
  let again = false;
  let ended = false;
  let last: ExecutionResult | undefined;

  async function makeResult(entry: Entry<Event>): Promise<ExecutionResult> {
    const result = await execute({ event: entry.event, dropped: 0 });
    log.remember(entry, result);
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

  /** The others need not wait until an old result is made again. */
  async function giveApart(member: Member, entry: Entry<Event>): Promise<void> {
    apart.add(member);
    const result = making.get(entry) ?? makeResult(entry);
    making.set(entry, result);
    give(member, await result);
    making.delete(entry);
    apart.delete(member);
    serve();
  }

  /** Gives each member that is ready its next result, until none is. */
  async function serveAll(): Promise<void> {
    let left = 0;
    while (again) {
      again = false;
      for (const member of members) {
        if (apart.has(member)) continue;
        if (member.position === log.next && ended) member.end(last);
        if (member.position === log.next || !member.isReady) continue;
        if (left === 0) {
          left = Math.min(members.size, PER_PORTION);
          await portions.pass(left * MICROSECONDS_OF_MEMBER);
          if (member.hasEnded) continue;
        }
        left -= 1;
        const entry = log.take(member);
        if (entry.result === null && !log.keeps(entry)) void giveApart(member, entry);
        else give(member, entry.result ?? (await makeResult(entry)));
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

  function close(): void {
    if (ended) return;
    ended = true;
    onEnd();
  }

  const receiver: Receiver<Event> = {
    receive(event) {
      if (members.size === 0) return;
      const missedBy = log.add(event, members.size);
      if (missedBy > 0) source.noteDropped(missedBy);
      serve();
    },
    end(failure) {
      last = failure === null ? undefined : failed(failure.reason);
      close();
      serve();
    },
  };
  const owner: MemberOwner = {
    serve(member) {
      // Who has taken all waits: to look at all others for it would be in vain.
      if (member.position < log.next || ended) serve();
    },
    leave(member) {
      members.delete(member);
      log.leave(member);
      if (members.size > 0) return;
      close();
      void source.return?.();
    },
  };

  let started = false;
  return {
    join() {
      const member = createMember(owner, log.next);
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
