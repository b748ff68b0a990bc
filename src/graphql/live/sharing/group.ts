import type { Deliveries, Receiver } from '../../../live/live.ts';
import { createEventLog } from './event-log.ts';
import { createMember, type Member, type MemberOwner } from './member.ts';
import { Rounds, type RoundsOptions } from './rounds.ts';

/** Subscriptions that get the same results. */
export interface Group {
  /** Adds a subscription. It gets the events from now on. */
  join(): Member;
}

export interface GroupOptions<Event> extends RoundsOptions<Event> {
  /** The source, which must not have been read yet. */
  readonly source: Deliveries<Event>;
  /** Called once, when no more subscriptions can join. */
  readonly onEnd: () => void;
}

/**
 * Executes each event once for all members, as soon as the first of them is ready for it. Each
 * member proceeds at its own pace. Events that some members have not taken are queued; beyond the
 * capacity of the source, the oldest event is dropped. So a slow member costs the others nothing,
 * and all of them share one queue.
 */
export function createGroup<Event>(options: GroupOptions<Event>): Group {
  const { source, failed, onEnd } = options;
  const members = new Set<Member>();
  const log = createEventLog<Event>(source.capacity);
  const rounds = new Rounds(options, members, log);

  function close(): void {
    if (rounds.hasEnded) return;
    rounds.hasEnded = true;
    onEnd();
  }

  const receiver: Receiver<Event> = {
    receive(event) {
      if (members.size === 0) return;
      const missedBy = log.add(event, members.size);
      if (missedBy > 0) source.noteDropped(missedBy);
      rounds.serve();
    },
    countReaders: () => members.size,
    *readersBehind(most) {
      for (const member of members) if (log.next - member.position > most) yield member;
    },
    end(failure) {
      rounds.last = failure === null ? undefined : failed(failure.reason);
      close();
      rounds.serve();
    },
  };
  const owner: MemberOwner = {
    serve(member) {
      // A member that has taken everything just waits; checking all the others for it would be
      // wasted work.
      if (member.position < log.next || rounds.hasEnded) rounds.serve();
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
