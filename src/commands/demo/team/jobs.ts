import { defined } from '../../../core/defined.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/time/units.ts';
import { createRandom, type Random } from '../random.ts';
import type { MonthOptions } from '../rhythm.ts';
import { AGENTS, type AgentProfile, TASK_VERBS } from './agents.ts';

const MONTH_DAYS = 30;
/** 2024-01-01, as days since the epoch. Numbers count from here, so they are unique over months. */
const NUMBERED_FROM = 19_723;
/** 1970-01-05, a Monday. */
const FIRST_MONDAY = 4;
/** Hour of the UTC day by which all work of a day ends. */
const LAST_HOUR = 21;
const MAX_JOBS_A_DAY = 6;
/** The most days that a task is on the board before or after the day of its work. */
const DAYS_AROUND = 3;
/** Separates the random sequences of the team from those of the traffic. */
const TEAM_DRAWS = 0x7ea3;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** A task and an agent's work on it. Times are epoch milliseconds. */
export interface Job {
  /** Unique. */
  readonly number: number;
  readonly taskId: string;
  readonly title: string;
  readonly agent: AgentProfile;
  readonly createdAt: number;
  readonly startedAt: number;
  /** When the task was blocked, within the work. Null if it never was. */
  readonly blocked: Span | null;
  /** When the work ended and the review began. */
  readonly reviewedFrom: number;
  readonly endedAt: number;
  readonly cancelled: boolean;
  readonly archivedAt: number;
}

export interface Plan {
  /** Jobs that are on the board at any time in [from, to), ordered by agent and time. */
  jobsBetween(from: number, to: number): readonly Job[];
}

/**
 * Plans the work of all agents. Each day of an agent has its own random sequence, so it is the same
 * in every run.
 */
export function createPlan(options: MonthOptions): Plan {
  const days = new Map<string, readonly Job[]>();

  function jobsOf(agent: number, day: number): readonly Job[] {
    const key = `${agent}.${day}`;
    const known = days.get(key) ?? planDay(options, agent, day);
    days.set(key, known);
    return known;
  }

  return {
    jobsBetween(from, to) {
      const first = Math.floor(from / DAY_MS) - DAYS_AROUND;
      const last = Math.floor(to / DAY_MS) + DAYS_AROUND;
      const jobs: Job[] = [];
      for (const agent of AGENTS.keys()) {
        for (let day = first; day <= last; day++) jobs.push(...jobsOf(agent, day));
      }
      return jobs.filter(({ createdAt, archivedAt }) => createdAt < to && archivedAt >= from);
    },
  };
}

/** The random sequence of a task or an agent. The same numbers give the same draws. */
export function teamRandom({ seed, anchor }: MonthOptions, ...names: readonly number[]): Random {
  return createRandom(seed, Math.floor(anchor / 1000), TEAM_DRAWS, ...names);
}

/** When the silent agent stops reporting, in epoch milliseconds. */
export function silenceOf({ anchor }: MonthOptions): number {
  return Math.floor(anchor / DAY_MS) * DAY_MS - 2 * DAY_MS + 15 * HOUR_MS;
}

function planDay(options: MonthOptions, agentIndex: number, day: number): Job[] {
  const random = teamRandom(options, agentIndex, day);
  const agent = defined(AGENTS[agentIndex]);
  const weekend = (day - FIRST_MONDAY) % 7 >= 5;
  if (weekend && !random.chance(0.5)) return [];
  const from = options.anchor - MONTH_DAYS * DAY_MS;
  const until = agent.silent ? silenceOf(options) : Number.POSITIVE_INFINITY;
  const jobs: Job[] = [];
  let clock = day * DAY_MS + agent.startHour * HOUR_MS + random.next() * HOUR_MS;
  for (let index = 0; index < MAX_JOBS_A_DAY; index++) {
    const number = ((day - NUMBERED_FROM) * AGENTS.length + agentIndex) * MAX_JOBS_A_DAY + index;
    const job = drawJob(random, agent, { number, time: clock });
    if (job.endedAt > day * DAY_MS + LAST_HOUR * HOUR_MS) break;
    clock = job.reviewedFrom + random.integer(5, 35) * MINUTE_MS;
    // A task created before the month began counts as created when the month begins.
    if (job.startedAt >= from && job.startedAt < until)
      jobs.push({ ...job, createdAt: Math.max(from, job.createdAt) });
  }
  return jobs;
}

function drawJob(
  random: Random,
  agent: AgentProfile,
  { number, time }: { readonly number: number; readonly time: number },
): Job {
  const startedAt = Math.floor(time);
  const workMs = between(25 * MINUTE_MS, random.logNormal(80 * MINUTE_MS, 0.5), 4 * HOUR_MS);
  const blockedMs = random.chance(0.15) ? random.integer(15, 70) * MINUTE_MS : 0;
  const blockedFrom = startedAt + Math.floor(workMs * (0.2 + 0.5 * random.next()));
  const reviewedFrom = Math.floor(startedAt + workMs + blockedMs);
  const endedAt = reviewedFrom + random.integer(8, 40) * MINUTE_MS;
  const waitMs = between(10 * MINUTE_MS, random.logNormal(9 * HOUR_MS, 0.8), 36 * HOUR_MS);
  return {
    number,
    taskId: `TASK-${number}`,
    title: `${random.pick(TASK_VERBS)} ${random.pick(agent.subjects)}`,
    agent,
    createdAt: Math.floor(startedAt - waitMs),
    startedAt,
    blocked: blockedMs === 0 ? null : { from: blockedFrom, to: blockedFrom + blockedMs },
    reviewedFrom,
    endedAt,
    cancelled: random.chance(0.04),
    archivedAt: endedAt + random.integer(26, 50) * HOUR_MS,
  };
}

function between(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
