import type { Clock } from '../../core/clock.ts';
import type { Recorder } from './fill.ts';
import { createLiveGenerator, type LiveActivity } from './generate.ts';
import type { Random } from './random.ts';
import { isLiveIncident, type MonthOptions } from './rhythm.ts';
import { createTeam, LIVE_PACE } from './team/team.ts';

/** Calls `task` once after the delay. Returns a function that cancels it. */
export type Schedule = (task: () => void, delayMs: number) => () => void;

export interface TrickleOptions {
  readonly month: MonthOptions;
  /** The team's events are recorded up to this time, in epoch milliseconds. */
  readonly from: number;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly schedule: Schedule;
  /** Called with the error of a failed recording. The trickle continues. */
  readonly onError: (error: unknown) => void;
}

export interface Trickle {
  /** Resolves when no recording is running. None begins afterwards. */
  stop(): Promise<void>;
}

/** Mean time between two live requests. */
const MEAN_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 4 * MEAN_PAUSE_MS;
/** Team events older than this are skipped, for example after recording failed for longer. */
const LONGEST_GAP_MS = 10 * 60_000;

/**
 * Starts requests at the times of a Poisson process until it is stopped. Each request is recorded
 * once it has ended, as a service would do it, so no event is ahead of the clock. The team's events
 * of the same time are recorded together with them. The provider of the month's incident has short
 * incidents from time to time, so that viewers see alerts.
 */
export function startTrickle(options: TrickleOptions): Trickle {
  const { month, recorder, clock, random, schedule, onError } = options;
  const team = createTeam(month);
  const generate = createLiveGenerator(random, month);
  const began = clock.now();
  let reached = options.from;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let begun: LiveActivity[] = [];
  let cancel = next();

  function next(): () => void {
    const pause = Math.min(LONGEST_PAUSE_MS, -MEAN_PAUSE_MS * Math.log(1 - random.next()));
    return schedule(() => {
      running = recordEnded().finally(() => {
        if (!stopped) cancel = next();
      });
    }, pause);
  }

  async function recordEnded(): Promise<void> {
    const now = clock.now();
    begun.push(generate(now, isLiveIncident(began, now)));
    const ended = begun.filter(({ endsAt }) => endsAt <= now);
    begun = begun.filter(({ endsAt }) => endsAt > now);
    const done = team.between(Math.max(reached, now - LONGEST_GAP_MS), now, LIVE_PACE);
    if (ended.length === 0 && Object.keys(done).length === 0) return;
    try {
      await recorder.record([...ended.map(({ activity }) => activity), done]);
      reached = now;
    } catch (error) {
      onError(error);
    }
  }

  return {
    async stop() {
      stopped = true;
      cancel();
      await running;
    },
  };
}
