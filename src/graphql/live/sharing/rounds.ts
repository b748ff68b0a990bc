import type { ExecutionResult } from 'graphql';
import type { Delivery } from '../../../live/live.ts';
import type { Portions } from '../../../runtime/portions.ts';
import type { Entry, EventLog } from './event-log.ts';
import type { Member } from './member.ts';

export interface RoundsOptions<Event> {
  /** Must not throw or reject. */
  readonly execute: (event: Delivery<Event>) => ExecutionResult | Promise<ExecutionResult>;
  /** The last result of the members if the source fails. */
  readonly failed: (reason: unknown) => ExecutionResult;
  readonly portions: Portions;
  /** Runs work outside the async context of any member. */
  readonly detached: (work: () => void) => void;
}

/** How many members get a result per chunk, and the approximate microseconds per result. */
const PER_PORTION = 64;
const MICROSECONDS_OF_MEMBER = 10;

/**
 * Gives the members of a group the results of the logged events, round after round, until no member
 * is ready for its next one. A class, because if all filters differ there are thousands of groups:
 * closures for each would take more memory than its state.
 */
export class Rounds<Event> {
  /**
   * No more events will come. A member that has taken everything gets the last result, if there is
   * one, and ends.
   */
  hasEnded = false;
  last: ExecutionResult | undefined = undefined;
  readonly #options: RoundsOptions<Event>;
  readonly #members: ReadonlySet<Member>;
  readonly #log: EventLog<Event>;
  /** Members that wait for the result of a much older event, and such results in progress. */
  readonly #apart = new Set<Member>();
  readonly #making = new Map<Entry<Event>, Promise<ExecutionResult>>();
  #serving = false;
  #again = false;

  constructor(options: RoundsOptions<Event>, members: ReadonlySet<Member>, log: EventLog<Event>) {
    this.#options = options;
    this.#members = members;
    this.#log = log;
  }

  /** Checks all members, now or after the current round. */
  serve(): void {
    this.#again = true;
    if (this.#serving) return;
    this.#serving = true;
    this.#options.detached(() => void this.#serveAll());
  }

  /** Gives each ready member its next result, until none is ready. */
  async #serveAll(): Promise<void> {
    const log = this.#log;
    let left = 0;
    while (this.#again) {
      this.#again = false;
      for (const member of this.#members) {
        if (this.#apart.has(member)) continue;
        if (member.position === log.next && this.hasEnded) member.end(this.last);
        if (member.position === log.next || !member.isReady) continue;
        if (left === 0) {
          left = Math.min(this.#members.size, PER_PORTION);
          await this.#options.portions.pass(left * MICROSECONDS_OF_MEMBER);
          if (member.hasEnded) continue;
        }
        left -= 1;
        const entry = log.take(member);
        if (entry.result === null && !log.keeps(entry)) void this.#giveApart(member, entry);
        else this.#give(member, entry.result ?? (await this.#makeResult(entry)));
      }
    }
    this.#serving = false;
  }

  /** The others need not wait while an old result is made again. */
  async #giveApart(member: Member, entry: Entry<Event>): Promise<void> {
    this.#apart.add(member);
    const result = this.#making.get(entry) ?? this.#makeResult(entry);
    this.#making.set(entry, result);
    this.#give(member, await result);
    this.#making.delete(entry);
    this.#apart.delete(member);
    this.serve();
  }

  async #makeResult(entry: Entry<Event>): Promise<ExecutionResult> {
    const result = await this.#options.execute({ event: entry.event, dropped: 0 });
    this.#log.remember(entry, result);
    return result;
  }

  #give(member: Member, result: ExecutionResult): void {
    const { missed } = member;
    member.missed = 0;
    try {
      member.take(missed === 0 ? result : withDropped(result, missed));
    } catch (reason) {
      member.end(this.#options.failed(reason));
    }
  }
}

function withDropped({ extensions, ...result }: ExecutionResult, dropped: number): ExecutionResult {
  return { ...result, extensions: { ...extensions, dropped } };
}
