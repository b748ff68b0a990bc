import { describe, expect, it } from 'vitest';
import { createRecorder, fillMonth, type Recorder } from '../../../src/commands/demo/fill.ts';
import { generateActivities } from '../../../src/commands/demo/generate.ts';
import { type FillPlan, planFill } from '../../../src/commands/demo/month.ts';
import { createRandom } from '../../../src/commands/demo/random.ts';
import type { MonthOptions } from '../../../src/commands/demo/rhythm.ts';
import { createTeam, FILL_PACE, LIVE_PACE } from '../../../src/commands/demo/team/team.ts';
import { startTrickle } from '../../../src/commands/demo/trickle.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import type { EventInput, Ingest, RecordOutcome } from '../../../src/ingest/ingest.ts';
import { createTestClock } from '../../support/test-clock.ts';

const DAY_MS = 86_400_000;
const now = Date.parse('2026-11-22T17:23:45.678Z');
const month: MonthOptions = { seed: 1, scale: 1, anchor: now };
const silent = { update: () => undefined, finish: () => undefined };
const never = new AbortController().signal;

function firstRequestId(): string {
  const [first] = generateActivities(month, now - DAY_MS, now);
  return first?.activity.requestLogs[0]?.requestId as string;
}

describe('planFill', () => {
  const options = { seed: 1, scale: 1 };

  it('an empty database: thirty days that end a little before now', () => {
    const plan = planFill(null, now, options);
    expect(plan.month).toEqual(month);
    expect(plan.to - plan.from).toBe(30 * DAY_MS);
    expect(now - plan.to).toBe(90_000);
  });

  it('demo rows: continues after the newest, in their month', () => {
    const timestamp = now + DAY_MS;
    const plan = planFill({ requestId: firstRequestId(), timestamp }, now + 2 * DAY_MS, options);
    expect(plan).toEqual({ month, from: timestamp, to: now + 2 * DAY_MS - 90_000 });
  });

  it('rows of the last minute: nothing is missing', () => {
    const plan = planFill({ requestId: firstRequestId(), timestamp: now - 1000 }, now, options);
    expect(plan.from).toBe(plan.to);
  });

  it('rows of long ago: a new month', () => {
    const later = now + 100 * DAY_MS;
    expect(planFill({ requestId: firstRequestId(), timestamp: now }, later, options).month.anchor).toBe(
      later,
    );
  });
});

/** An ingest service that keeps the events that it receives, by dataset and id. */
function createFakeIngest(outcome: Partial<RecordOutcome> = {}) {
  const stored = new Map<string, unknown>();
  const batches: { projectId: string; inputs: readonly EventInput[] }[] = [];
  const ingest: Ingest = {
    async record(projectId, inputs) {
      batches.push({ projectId, inputs });
      let accepted = 0;
      let duplicates = 0;
      for (const { dataset, events } of inputs) {
        for (const event of events as Record<string, unknown>[]) {
          const key = `${dataset.name} ${event.id ?? event.commitHash ?? event.requestId}`;
          if (stored.has(key)) duplicates++;
          else accepted++;
          stored.set(key, event);
        }
      }
      return { accepted, duplicates, rejected: [], ids: [], ...outcome };
    },
    recordActivity: (projectId, inputs) => ingest.record(projectId, inputs),
    load: () => ({ share: 0, held: NO_QUEUE, limit: NO_QUEUE, failedCalls: 0 }),
    settled: async () => undefined,
    close: async () => undefined,
  };
  return { ingest, stored, batches };
}

const NO_QUEUE = { events: 0, bytes: 0 };

/** Two batches in flight, each with the events of the team in that time. */
const MAX_EVENTS_HELD = 10_000;

/**
 * The largest number of generated events that wait to be stored, with a service that is slower than
 * the generator: it answers only when the fill has begun as many calls as it may.
 */
async function mostHeldAtOnce(plan: FillPlan): Promise<number> {
  let held = 0;
  let most = 0;
  const recorder: Recorder = {
    async record(activities) {
      const events = activities.flatMap((activity) => Object.values(activity).flat()).length;
      held += events;
      most = Math.max(most, held);
      await new Promise((resolve) => setImmediate(resolve));
      held -= events;
      return { accepted: events, duplicates: 0 };
    },
  };
  await fillMonth(plan, { recorder, progress: silent, stopped: never });
  expect(held).toBe(0);
  return most;
}

describe('fillMonth', () => {
  const plan = { month, from: now - 2 * 3_600_000, to: now };

  it('records everything once, in whole requests and in time order; a second fill finds only duplicates', async () => {
    const { ingest, stored, batches } = createFakeIngest();
    const recorder = createRecorder(ingest, 'default', datasets);
    const totals = await fillMonth(plan, { recorder, progress: silent, stopped: never });
    const activities = [...generateActivities(month, plan.from, plan.to)].map(({ activity }) => activity);
    const team = createTeam(month).between(plan.from, plan.to, FILL_PACE);
    const expected = [...activities, team].flatMap((events) => Object.values(events).flat());
    expect(totals).toEqual({ accepted: expected.length, duplicates: 0 });
    expect(stored.size).toBe(expected.length);
    expect(batches.every(({ projectId }) => projectId === 'default')).toBe(true);
    expect(await fillMonth(plan, { recorder, progress: silent, stopped: never })).toEqual({
      accepted: 0,
      duplicates: expected.length,
    });
  });

  it('is completed by a second fill if the signal stopped it', async () => {
    const { ingest, stored } = createFakeIngest();
    const recorder = createRecorder(ingest, 'default', datasets);
    const long = { ...plan, from: now - 2 * DAY_MS };
    const stop = new AbortController();
    const stopping: Recorder = {
      record(activities) {
        stop.abort();
        return recorder.record(activities);
      },
    };
    const cut = await fillMonth(long, { recorder: stopping, progress: silent, stopped: stop.signal });
    const all = await fillMonth(long, { recorder, progress: silent, stopped: never });
    expect(cut.accepted).toBeGreaterThan(0);
    expect(cut.accepted).toBeLessThan(stored.size);
    expect(all).toEqual({ accepted: stored.size - cut.accepted, duplicates: cut.accepted });
  });

  it('keeps each call small, even if there is little traffic', async () => {
    const { ingest, batches } = createFakeIngest();
    const quiet = { ...plan, month: { ...month, scale: 0 }, from: now - 10 * DAY_MS };
    const { accepted } = await fillMonth(quiet, {
      recorder: createRecorder(ingest, 'default', datasets),
      progress: silent,
      stopped: never,
    });
    const sizes = batches.map(({ inputs }) => inputs.reduce((sum, { events }) => sum + events.length, 0));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(accepted);
    expect(Math.max(...sizes)).toBeLessThan(10_000);
  });

  it.each([
    { days: 1, scale: 1 },
    { days: 4, scale: 1 },
    { days: 10, scale: 0 },
  ])(
    'holds few events at a time, regardless of the length: $days at scale $scale',
    async ({ days, scale }) => {
      const most = await mostHeldAtOnce({ ...plan, month: { ...month, scale }, from: now - days * DAY_MS });
      expect(most).toBeGreaterThan(0);
      expect(most).toBeLessThan(MAX_EVENTS_HELD);
    },
  );

  it('reports progress from start to end', async () => {
    const { ingest } = createFakeIngest();
    const fractions: number[] = [];
    const progress = { update: (fraction: number) => fractions.push(fraction), finish: () => undefined };
    await fillMonth(
      { ...plan, from: now - 3 * DAY_MS },
      { recorder: createRecorder(ingest, 'default', datasets), progress, stopped: never },
    );
    expect(fractions.length).toBeGreaterThan(3);
    expect(fractions).toEqual(fractions.toSorted((one, other) => one - other));
    expect(fractions.at(-1)).toBe(1);
  });

  it('fails loudly when the service rejects an event or fails', async () => {
    const rejection = {
      dataset: 'llmCalls',
      index: 0,
      field: 'model',
      code: 'REQUIRED',
      message: 'is missing',
    } as const;
    const { ingest } = createFakeIngest({ rejected: [rejection] });
    const recorder = createRecorder(ingest, 'default', datasets);
    await expect(fillMonth(plan, { recorder, progress: silent, stopped: never })).rejects.toThrow(
      'llmCalls rejects: model: is missing',
    );
  });
});

describe('startTrickle', () => {
  it('records requests that have ended, survives failures, and stops', async () => {
    const clock = createTestClock(now);
    const errors: unknown[] = [];
    const recorded: { end: number; at: number }[] = [];
    const reported: number[] = [];
    let failing = true;
    const recorder: Recorder = {
      async record(activities) {
        if (failing) {
          failing = false;
          throw new Error('full');
        }
        for (const { requestLogs = [], agentMetrics = [] } of activities) {
          reported.push(...agentMetrics.map(({ timestamp }) => Date.parse(timestamp as string)));
          if (requestLogs.length === 0) continue;
          const [log] = requestLogs;
          const end = Date.parse(log?.timestamp as string) + (log?.latencyMs as number);
          recorded.push({ end, at: clock.now() });
        }
        return { accepted: 1, duplicates: 0 };
      },
    };
    let task: (() => void) | null = null;
    let announce: () => void = () => undefined;
    const trickle = startTrickle({
      month,
      from: now - 5000,
      recorder,
      clock,
      random: createRandom(3),
      schedule(next, delayMs) {
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(2000);
        task = next;
        announce();
        return () => {
          task = null;
        };
      },
      onError: (error) => errors.push(error),
    });
    for (let round = 0; round < 50; round++) {
      clock.advance(500);
      const scheduled = new Promise<void>((resolve) => {
        announce = resolve;
      });
      (task as unknown as () => void)();
      await scheduled;
    }
    await trickle.stop();
    expect(task).toBeNull();
    expect(errors).toEqual([new Error('full')]);
    expect(recorded.length).toBeGreaterThan(20);
    expect(recorded.every(({ end, at }) => end <= at)).toBe(true);
    // The events of the team are neither lost nor recorded twice when a recording fails.
    const team = createTeam(month).between(now - 5000, clock.now(), LIVE_PACE);
    expect(reported.length).toBeGreaterThan(5);
    expect(reported.sort()).toEqual(
      team.agentMetrics?.map(({ timestamp }) => Date.parse(timestamp as string)),
    );
  });
});
