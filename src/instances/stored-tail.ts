import type { Dataset } from '../core/dataset/dataset.ts';
import { type Row, textAt } from '../core/dataset/row.ts';
import { InvalidArgument } from '../core/errors.ts';
import { type Committed, readArrived, readCommitted } from '../storage/arrivals.ts';
import { type Arrivals, covers, within } from '../storage/positions.ts';
import type { Store } from '../storage/store.ts';

export interface StoredTailOptions {
  readonly store: Pick<Store, 'query' | 'functions'>;
  readonly dataset: Dataset;
  readonly accepts: (row: Row) => boolean;
  readonly after: Arrivals;
}

const PAGE = 500;
/** Counted over all projects. A client that is further behind reads a list, which is faster. */
const MAX_ROWS = 100_000;

/**
 * The stored events after a position, read page by page. A class, because each subscription that
 * resumes has one: closures would take more memory than its state.
 */
export class StoredTail {
  readonly #options: StoredTailOptions;
  /** The ids of events that came from storage and may still be published. */
  readonly #read = new Set<string>();
  /** The start and the end of the page. */
  #position: Arrivals;
  #reached: Arrivals;
  #page: Row[] = [];
  #upTo: Arrivals | null = null;
  /** After this position, the events that were read may be incomplete. */
  #whole: Arrivals = {};
  #rowsRead = 0;

  constructor(options: StoredTailOptions) {
    this.#options = options;
    this.#position = options.after;
    this.#reached = options.after;
  }

  /** The events of the page come after it, or the new ones if all were read. */
  get position(): Arrivals {
    return within(this.#position, this.#whole);
  }

  /** The next event of the page; undefined if there is none. */
  take(): Row | undefined {
    return this.#page.pop();
  }

  /**
   * Reads the next page, once the events of the last one are taken.
   *
   * @param end up to where it reads: what is committed at its first page
   * @returns false if everything up to there was read. The next call then reads from there up to a
   *   new end.
   * @throws InvalidArgument at `after` if the position is too far back
   */
  async readPage(end: keyof Committed): Promise<boolean> {
    const { store, dataset, accepts } = this.#options;
    this.#position = this.#reached;
    this.#upTo ??= await this.#readEnd(end);
    if (covers(this.#position, this.#upTo)) {
      this.#upTo = null;
      return false;
    }
    const wanted = { after: this.#position, upTo: this.#upTo, limit: PAGE };
    const { events, reached } = await readArrived(store, dataset, wanted);
    this.#rowsRead += events.length;
    if (this.#rowsRead > MAX_ROWS) throw tooFarBack(dataset);
    this.#page = events
      .map(({ row }) => row)
      .filter(accepts)
      .reverse();
    this.#noteRead();
    this.#reached = reached;
    return true;
  }

  /**
   * Whether a new event came from storage before. @param at everything up to here was published
   * before it
   */
  leavesOut(event: Row, at: Arrivals): boolean {
    if (this.#read.delete(this.#keyOf(event))) return true;
    if (covers(at, this.#reached)) this.#read.clear();
    return false;
  }

  async #readEnd(end: keyof Committed): Promise<Arrivals> {
    const committed = await readCommitted(this.#options.store, this.#options.dataset);
    this.#whole = committed.whole;
    return committed[end];
  }

  #noteRead(): void {
    for (const row of this.#page) this.#read.add(this.#keyOf(row));
    for (const key of this.#read) {
      if (this.#read.size <= MAX_ROWS / 10) break;
      this.#read.delete(key);
    }
  }

  #keyOf(row: Row): string {
    const { at } = this.#options.dataset;
    return `${textAt(row, at.id)} ${textAt(row, at.projectId)}`;
  }
}

function tooFarBack({ name }: Dataset): InvalidArgument {
  return new InvalidArgument(
    `More than ${MAX_ROWS} events have been stored since this position. Read what you need from ` +
      `the list of ${name}, then subscribe again with "".`,
    'after',
  );
}
