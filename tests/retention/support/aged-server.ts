import type { Interval } from '../../../src/core/time/range.ts';
import type { TestGraphQL } from '../../support/graphql.ts';
import { plantedEvents } from './planted-events.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** When the server began, at no full hour of any zone. */
const BEGINNING = Date.parse('2024-11-20T07:13:37.123Z');
/**
 * From one event to the next: every time of the day comes, also the half hours around midnights of
 * the zones.
 */
const STEP = 37 * HOUR + 29 * MINUTE + 41_007;
/** So much is sent at once, when it has happened: what comes later is late for retention. */
const PORTION = 15 * DAY;

/** A server whose clock the test moves, and what it was told. */
export interface AgedServer {
  /** Lets time pass until so many days after the beginning, events come, and retention run. */
  growTo(days: number): Promise<void>;
  now(): number;
  /** How many events of each dataset there were in the stretch. */
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
        now = Math.min(now + PORTION, end);
        clock.set(now);
        await plant(now);
      }
      await services.retention.run();
    },
    now: () => clock.now(),
    countIn: ({ from, to }) => planted.filter((instant) => instant >= from && instant < to).length,
  };
}
