/**
 * A bound on the bytes that all requests hold together. Without it, each request is within its
 * limit and all of them are not within the memory of the process.
 */
export interface ByteBudget {
  /** Bytes that are taken. */
  readonly used: number;
  /** Opens the account of one request or message. */
  open(): Reservation;
}

/** What one request holds of the budget. */
export interface Reservation {
  readonly held: number;
  /** Takes more bytes. False if there is no room; nothing was taken then. */
  take(bytes: number): boolean;
  /** Gives some bytes back. */
  give(bytes: number): void;
  /** Gives all bytes back. Further calls of `take` start at 0. */
  release(): void;
}

/** A request up to this size may use all of the budget. */
const SMALL_BYTES = 256 * 1024;
/** The share of the budget for larger ones: they cannot keep out the small ones. */
const SHARE_OF_LARGE = 7 / 8;

export function createByteBudget(limit: number): ByteBudget {
  return new Budget(limit);
}

class Budget implements ByteBudget {
  readonly limit: number;
  used = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  open(): Reservation {
    return new Account(this);
  }
}

/** A class, because each WebSocket has one or two: its methods would take more memory than its state. */
class Account implements Reservation {
  held = 0;
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  take(bytes: number): boolean {
    const { limit, used } = this.#budget;
    const room = this.held + bytes <= SMALL_BYTES ? limit : limit * SHARE_OF_LARGE;
    if (used + bytes > room) return false;
    this.held += bytes;
    this.#budget.used += bytes;
    return true;
  }

  give(bytes: number): void {
    const given = Math.min(bytes, this.held);
    this.held -= given;
    this.#budget.used -= given;
  }

  release(): void {
    this.give(this.held);
  }
}
