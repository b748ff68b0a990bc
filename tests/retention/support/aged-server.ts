import type { Interval } from '../../../src/core/time/range.ts';
import type { TestGraphQL } from '../../support/graphql.ts';
import { plantedEvents } from './planted-events.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The first start of the server, not at a full hour of any time zone. */
const BEGINNING = Date.parse('2024-11-20T07:13:37.123Z');
/**
 * The time between two events: every time of the day occurs, including the half hours around
 * midnights of the zones.
 */
const STEP = 37 * HOUR + 29 * MINUTE + 41_007;
/**
 * This many events are sent at once after they happened, because later events are late for
 * retention.
 */
const SENT_AT_ONCE = 15 * DAY;

/** A server whose clock the test moves, and the events that it received. */
export interface AgedServer {
  /** Moves the clock to this many days after the beginning, sends events, and runs retention. */
  growTo(days: number): Promise<void>;
  now(): number;
  /** The number of events of each dataset in the interval. */
  countIn(stretch: Interval): number;
}

export function createAgedServer({ services, clock }: TestGraphQL): AgedServer {
  const planted: number[] = [];

  async function plant(until: number): Promise<void> {
    const instants: number[] = [];
    const first = planted.length;
    for (let at = BEGINNING + first * STEP; at < until; at += STEP) instants.push(at);
    planted.push(...instants);
    const { rejected } = await services.ingest.record('default', plantedEvents(instants, first));
    if (rejected.length > 0) throw new Error(JSON.stringify(rejected[0]));
  }

  return {
    async growTo(days) {
      const end = BEGINNING + days * DAY;
      for (let now = Math.max(clock.now(), BEGINNING); now < end; ) {
        now = Math.min(now + SENT_AT_ONCE, end);
        clock.set(now);
        await plant(now);
      }
      await services.retention.run();
    },
    now: () => clock.now(),
    countIn: ({ from, to }) => planted.filter((instant) => instant >= from && instant < to).length,
  };
}
