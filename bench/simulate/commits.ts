/** What one transaction of a writer costs. */
export interface CommitCosts {
  /** Milliseconds of a transaction without rows: round trips, and the log on the disk. */
  readonly fixedMs: number;
  readonly perEventMs: number;
  readonly perCellMs: number;
  /** How many cells a transaction of this many events writes. */
  readonly cellsOf: (events: number) => number;
}

export interface CommitTraffic {
  readonly eventsPerSecond: number;
  /** Events that a client sends in one call. */
  readonly eventsPerCall: number;
  readonly maxEventsPerCommit: number;
  readonly seconds: number;
}

export interface CommitOutcome {
  /** The share of the time in which the writer works. */
  readonly busy: number;
  /** The time from the arrival of a call to its commit. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly eventsPerCommit: number;
  /**
   * The share of calls that still waited at the end. Above a few percent, the writer falls behind.
   */
  readonly waiting: number;
}

/**
 * Simulates one writer: calls arrive at random (a Poisson process), wait while a transaction runs,
 * and all waiting calls go into the next one. The same seed gives the same outcome.
 */
export function playCommits(costs: CommitCosts, traffic: CommitTraffic, seed = 1): CommitOutcome {
  const { eventsPerCall, maxEventsPerCommit, seconds } = traffic;
  const arrivals = drawArrivals(
    traffic.eventsPerSecond / eventsPerCall / 1000,
    seconds * 1000,
    createRandom(seed),
  );
  const callsPerCommit = Math.max(1, Math.floor(maxEventsPerCommit / eventsPerCall));
  const waits: number[] = [];
  let now = 0;
  let busyMs = 0;
  let commits = 0;
  while (waits.length < arrivals.length && now < seconds * 1000) {
    now = Math.max(now, arrivals[waits.length] ?? 0);
    const from = waits.length;
    let end = from;
    while (end - from < callsPerCommit && (arrivals[end] ?? Number.POSITIVE_INFINITY) <= now) end++;
    const took = commitMs(costs, (end - from) * eventsPerCall);
    now += took;
    busyMs += took;
    commits++;
    for (let call = from; call < end; call++) waits.push(now - (arrivals[call] ?? 0));
  }
  const sorted = waits.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return {
    busy: busyMs / now,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    eventsPerCommit: (waits.length * eventsPerCall) / commits,
    waiting: 1 - waits.length / arrivals.length,
  };
}

/** The most events per second for one writer if 99 of 100 calls wait for less than `boundMs`. */
export function capacityOf(
  costs: CommitCosts,
  traffic: Omit<CommitTraffic, 'eventsPerSecond'>,
  boundMs: number,
): number {
  let low = 1;
  let high = 1_000_000;
  while (high / low > 1.03) {
    const eventsPerSecond = Math.sqrt(low * high);
    const { p99Ms, waiting } = playCommits(costs, { ...traffic, eventsPerSecond });
    if (p99Ms < boundMs && waiting < 0.02) low = eventsPerSecond;
    else high = eventsPerSecond;
  }
  return low;
}

export const commitMs = ({ fixedMs, perEventMs, perCellMs, cellsOf }: CommitCosts, events: number): number =>
  fixedMs + perEventMs * events + perCellMs * cellsOf(events);

function drawArrivals(callsPerMs: number, untilMs: number, random: () => number): number[] {
  const arrivals: number[] = [];
  for (let at = 0; ; ) {
    at += -Math.log(1 - random()) / callsPerMs;
    if (at > untilMs) return arrivals;
    arrivals.push(at);
  }
}

/** Pseudo-random numbers from 0 to 1: mulberry32, by Tommy Ettinger. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
