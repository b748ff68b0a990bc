/**
 * Limits the bytes that all requests hold together. Without it, each request could be within its
 * limit while all of them exceed the memory of the process.
 */
export interface ByteBudget {
  /** Bytes in use. */
  readonly used: number;
  /** Opens an account for one request or message. */
  open(): Reservation;
}

/** The bytes of the budget that one request holds. */
export interface Reservation {
  readonly held: number;
  /** Takes more bytes. If there are not enough, takes none and returns false. */
  take(bytes: number): boolean;
  /** Returns some bytes. */
  give(bytes: number): void;
  /** Returns all bytes. Further calls of `take` start at 0. */
  release(): void;
}

/** A request up to this size may use the whole budget. */
const SMALL_BYTES = 256 * 1024;
/** The share of the budget for larger requests, so that they cannot keep out small ones. */
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

/**
 * A class, because each WebSocket has one or two: closures would take more memory than its state.
 */
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
