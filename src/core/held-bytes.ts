/**
 * The bytes that the operations of all clients hold in memory: what queries have read, and the
 * texts of long answers until the clients take them. Each operation has its own limit, but together
 * they could exceed the memory. So reads wait while too much is held.
 */
export interface HeldBytes {
  readonly limit: number;
  readonly used: number;
  /** Opens the account of a query. */
  open(query: HoldingQuery): Holding;
  /** Counts bytes for a project, even if there is no room. Negative bytes are given back. */
  add(projectId: string | null, bytes: number): void;
  /**
   * Finds out for which projects this is true now: a waiting read could begin if the project held
   * less. Reads that gave up no longer count.
   */
  findWanted(): (projectId: string | null) => boolean;
}

export interface HoldingQuery {
  readonly projectId: string | null;
  /** The query reads few rows, so it waits only when the whole limit is used. */
  readonly isSmall: boolean;
}

/** The account of one query. */
export interface Holding {
  /** The limit for all operations together. */
  readonly limit: number;
  /** Whether the last read that asked has to wait. */
  readonly lacksRoom: boolean;
  /**
   * Whether a read may begin now. If not, `again` is called once, when there may be room. In each
   * project, the query that has held memory for longest never waits: otherwise queries could wait
   * for each other.
   */
  mayRead(again: () => void): boolean;
  /** Call it when a read begins. Returns a function to call at its end. */
  beginRead(): () => void;
  /** Counts bytes. Returns false beyond the limit, unless nobody else holds any. */
  hold(bytes: number): boolean;
  /** Gives everything back. */
  close(): void;
}

/**
 * The shares of the limit at which reads that are not small wait: of all projects together, and of
 * one project.
 */
const SHARE_OF_ALL = 1 / 2;
const SHARE_OF_PROJECT = 1 / 4;
const MUCH = 1 / 8;

/** @param onMuch is called whenever bytes are counted while much is held */
export function createHeldBytes(limit: number, onMuch: () => void = () => {}): HeldBytes {
  return new Held(limit, onMuch);
}

/** Whose bytes a read waits for: those of a project, or of all. */
type Obstacle = { readonly projectId: string | null } | 'ALL';

class Held implements HeldBytes {
  readonly limit: number;
  used = 0;
  readonly #usedBy = new Map<string | null, number>();
  /**
   * The queries of each project that read or hold something, in the order in which they began to.
   */
  readonly #active = new Map<string | null, Set<QueryHolding>>();
  readonly #waiting = new Set<() => void>();
  readonly #wanted = new Set<string | null>();
  readonly #onMuch: () => void;
  #allAreWanted = false;

  constructor(limit: number, onMuch: () => void) {
    this.limit = limit;
    this.#onMuch = onMuch;
  }

  open(query: HoldingQuery): Holding {
    return new QueryHolding(this, query);
  }

  add(projectId: string | null, bytes: number): void {
    this.used += bytes;
    if (bytes > 0 && this.used >= this.limit * MUCH) this.#onMuch();
    const left = (this.#usedBy.get(projectId) ?? 0) + bytes;
    if (left === 0) this.#usedBy.delete(projectId);
    else this.#usedBy.set(projectId, left);
    if (bytes < 0) this.#tryAgain();
  }

  findWanted(): (projectId: string | null) => boolean {
    this.#tryAgain();
    const wanted = new Set(this.#wanted);
    return this.#allAreWanted ? () => true : (projectId) => wanted.has(projectId);
  }

  /** What prevents a query from reading; null if nothing does. */
  obstacleTo({ projectId, isSmall }: HoldingQuery): Obstacle | null {
    if (this.used >= this.limit * (isSmall ? 1 : SHARE_OF_ALL)) return 'ALL';
    const own = this.#usedBy.get(projectId) ?? 0;
    return !isSmall && own >= this.limit * SHARE_OF_PROJECT ? { projectId } : null;
  }

  isFirst(holding: QueryHolding): boolean {
    const [first = holding] = this.#active.get(holding.query.projectId) ?? [];
    return first === holding;
  }

  wait(obstacle: Obstacle, again: () => void): void {
    this.#waiting.add(again);
    if (obstacle === 'ALL') this.#allAreWanted = true;
    else this.#wanted.add(obstacle.projectId);
  }

  activate(holding: QueryHolding): void {
    const { projectId } = holding.query;
    const active = this.#active.get(projectId) ?? new Set();
    this.#active.set(projectId, active.add(holding));
  }

  deactivate(holding: QueryHolding): void {
    const { projectId } = holding.query;
    const active = this.#active.get(projectId);
    active?.delete(holding);
    if (active?.size === 0) this.#active.delete(projectId);
    // Another query is the first now.
    this.#tryAgain();
  }

  #tryAgain(): void {
    if (this.#waiting.size === 0) return;
    const all = [...this.#waiting];
    this.#waiting.clear();
    this.#wanted.clear();
    this.#allAreWanted = false;
    for (const again of all) again();
  }
}

/** A class, because each operation has one: closures would take more memory than the state. */
class QueryHolding implements Holding {
  readonly query: HoldingQuery;
  lacksRoom = false;
  readonly #all: Held;
  #own = 0;
  #reads = 0;

  constructor(all: Held, query: HoldingQuery) {
    this.#all = all;
    this.query = query;
  }

  get limit(): number {
    return this.#all.limit;
  }

  mayRead(again: () => void): boolean {
    const obstacle = this.#all.obstacleTo(this.query);
    this.lacksRoom = obstacle !== null && !this.#all.isFirst(this);
    if (obstacle !== null && this.lacksRoom) this.#all.wait(obstacle, again);
    return !this.lacksRoom;
  }

  beginRead(): () => void {
    this.#change(() => void this.#reads++);
    return () => this.#change(() => void this.#reads--);
  }

  hold(bytes: number): boolean {
    this.#change(() => {
      this.#own += bytes;
    });
    this.#all.add(this.query.projectId, bytes);
    return this.#all.used <= this.limit || this.#own === this.#all.used;
  }

  close(): void {
    const own = this.#own;
    if (own === 0) return;
    this.#change(() => {
      this.#own = 0;
    });
    this.#all.add(this.query.projectId, -own);
  }

  #change(change: () => void): void {
    const before = this.#own > 0 || this.#reads > 0;
    change();
    const isActive = this.#own > 0 || this.#reads > 0;
    if (isActive && !before) this.#all.activate(this);
    if (!isActive && before) this.#all.deactivate(this);
  }
}
