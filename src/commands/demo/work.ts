import { DAY_MS, HOUR_MS } from '../../core/time/units.ts';
import type { Work } from './activity.ts';
import type { ServiceProfile } from './catalog.ts';
import { tagsOf } from './labels.ts';
import type { MonthOptions } from './rhythm.ts';
import { createPlan, silenceOf } from './team/jobs.ts';
import { sessionOf, tagsOf as tagsOfJob } from './team/sessions.ts';
import { playCommitsOf } from './team/tasks.ts';

/** 1970-01-05, a Monday. */
const FIRST_MONDAY = 4;
/** Days of the week (0 is Monday) and the hour (UTC) at which a release is rolled out. */
const ROLLOUT_DAYS: readonly number[] = [0, 3];
const ROLLOUT_HOUR = 10;
const LONGEST_BETWEEN_ROLLOUTS_MS = 4 * DAY_MS;
/** All services are built from this repository. */
const RELEASED_REPOSITORY = 'acme/api';

export interface WorkBook {
  /** The work of a request to the service that begins at the time. Deterministic, without draws. */
  at(profile: ServiceProfile, time: number): Work;
}

/** Assigns the requests of the month to agents, tasks and releases. */
export function createWorkBook(month: MonthOptions): WorkBook {
  const plan = createPlan(month);
  const silentFrom = silenceOf(month);
  const releases = new Map<number, string | undefined>();

  /** The commit hash of the repository's newest merge at the time of the rollout. */
  function releaseOf(rollout: number): string | undefined {
    const merges = plan
      .jobsBetween(rollout - LONGEST_BETWEEN_ROLLOUTS_MS, rollout)
      .filter(({ agent }) => agent.repository === RELEASED_REPOSITORY)
      .flatMap((job) => playCommitsOf(month, job))
      .filter(({ at, event }) => event.branch === 'main' && at <= rollout);
    return merges.sort((one, other) => one.at - other.at).at(-1)?.event.commitHash as string | undefined;
  }

  function releaseAt(time: number): string | undefined {
    const rollout = rolloutBefore(time);
    if (!releases.has(rollout)) releases.set(rollout, releaseOf(rollout));
    return releases.get(rollout);
  }

  /** The task whose changes are reviewed. Undefined if the changes are a person's. */
  function taskAt(time: number) {
    const open = plan
      .jobsBetween(time, time + 1)
      .filter(({ startedAt, endedAt }) => startedAt <= time && time < endedAt)
      .filter(({ agent }) => !agent.silent || time < silentFrom);
    return open[time % (open.length + 1)];
  }

  return {
    at(profile, time) {
      const job = profile.reviews ? taskAt(time) : undefined;
      const tags = tagsOf(profile.service);
      const release = releaseAt(time);
      if (job === undefined) return { release, tags };
      const { agent, taskId } = job;
      const ofJob = { sessionId: sessionOf(job), tags: { ...tags, ...tagsOfJob(job) } };
      return { agentId: agent.agentId, taskId, release, ...ofJob };
    },
  };
}

function rolloutBefore(time: number): number {
  let day = Math.floor((time - ROLLOUT_HOUR * HOUR_MS) / DAY_MS);
  while (!ROLLOUT_DAYS.includes((day - FIRST_MONDAY) % 7)) day--;
  return day * DAY_MS + ROLLOUT_HOUR * HOUR_MS;
}
