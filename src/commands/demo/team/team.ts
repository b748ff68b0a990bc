import type { DemoEvents } from '../demo-events.ts';
import type { MonthOptions } from '../rhythm.ts';
import { playAgentMetrics } from './agent-metrics.ts';
import { playHealthSamples } from './health-samples.ts';
import { createPlan, type Job } from './jobs.ts';
import { playRagMetrics } from './rag-metrics.ts';
import { playJob } from './tasks.ts';
import { byDataset, type TeamEvent } from './team-event.ts';
import { playWatches } from './watches.ts';

/** How often agents, services and stores report, in milliseconds. */
export interface Pace {
  readonly metricsMs: number;
  readonly samplesMs: number;
  readonly ragMs: number;
  /** Whether the agents do their watches. They are for viewers of the live events. */
  readonly watching: boolean;
}

export const FILL_PACE: Pace = {
  metricsMs: 10 * 60_000,
  samplesMs: 15 * 60_000,
  ragMs: 30 * 60_000,
  watching: false,
};
export const LIVE_PACE: Pace = { metricsMs: 10_000, samplesMs: 15_000, ragMs: 30_000, watching: true };

/** The agents at work, and the machines that they and the services run on. */
export interface Team {
  /**
   * The events in [from, to). An event and its id are the same in every span that contains it.
   */
  between(from: number, to: number, pace: Pace): DemoEvents;
}

export function createTeam(month: MonthOptions): Team {
  const plan = createPlan(month);
  // A job lasts for days and a span for hours: most jobs of a span were in the one before.
  let played = new Map<Job, readonly TeamEvent[]>();

  function play(jobs: readonly Job[]): TeamEvent[] {
    played = new Map(jobs.map((job) => [job, played.get(job) ?? playJob(month, job)]));
    return [...played.values()].flat();
  }

  return {
    between(from, to, { metricsMs, samplesMs, ragMs, watching }) {
      const jobs = plan.jobsBetween(from, to);
      return byDataset([
        ...play(jobs).filter(({ at }) => at >= from && at < to),
        ...playAgentMetrics(month, jobs, { from, to, everyMs: metricsMs, watching }),
        ...playHealthSamples(month, { from, to, everyMs: samplesMs }),
        ...playRagMetrics(month, { from, to, everyMs: ragMs }),
        ...(watching ? playWatches(month, from, to) : []),
      ]);
    },
  };
}
