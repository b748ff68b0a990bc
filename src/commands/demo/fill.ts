import type { App } from '../../app.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { Progress } from '../progress.ts';
import type { DemoEvents } from './demo-events.ts';
import { generateActivities } from './generate.ts';
import type { FillPlan } from './month.ts';
import { createTeam, FILL_PACE } from './team/team.ts';

type Ingest = App['services']['ingest'];

/** Records the demo's events. */
export interface Recorder {
  /** Records all of them in one batch. The events of one element are never split. */
  record(events: readonly DemoEvents[]): Promise<FillTotals>;
}

export interface FillTotals {
  readonly accepted: number;
  readonly duplicates: number;
}

const EVENTS_PER_BATCH = 4000;
/**
 * The longest time span of a batch. It bounds the number of the team's events in a batch when there
 * is little traffic.
 */
const LONGEST_BATCH_MS = 12 * 3_600_000;
/** Batches that are written at the same time while the next one is generated and checked. */
const BATCHES_IN_FLIGHT = 2;

/**
 * Records events through the ingest service.
 *
 * @throws Error when the service rejects an event, because it does not fit the declarations.
 */
export function createRecorder(ingest: Ingest, projectId: string, datasets: readonly Dataset[]): Recorder {
  return {
    async record(events) {
      const inputs = datasets.map((dataset) => ({
        dataset,
        events: events.flatMap((some) => some[dataset.name as keyof DemoEvents] ?? []),
      }));
      const { accepted, duplicates, rejected } = await ingest.record(projectId, inputs);
      const [first] = rejected;
      if (first !== undefined) {
        throw new Error(
          `The demo made an event that ${first.dataset} rejects: ${first.field}: ${first.message}`,
        );
      }
      return { accepted, duplicates };
    },
  };
}

/** @throws Error when there is no such dataset, which is a bug. */
export function datasetNamed(datasets: readonly Dataset[], name: string): Dataset {
  const dataset = datasets.find((one) => one.name === name);
  if (dataset === undefined) throw new Error(`There is no dataset ${name}`);
  return dataset;
}

export interface FillOptions {
  readonly recorder: Recorder;
  readonly progress: Progress;
  /** Ends the fill after the batches in flight. */
  readonly stopped: AbortSignal;
}

/** Generates the events of the plan and records them in time order. */
export async function fillMonth(
  { month, from, to }: FillPlan,
  { recorder, progress, stopped }: FillOptions,
): Promise<FillTotals> {
  let accepted = 0;
  let duplicates = 0;
  const inFlight: Promise<void>[] = [];
  const record = async (batch: readonly DemoEvents[], reachedAt: number) => {
    const totals = await recorder.record(batch);
    accepted += totals.accepted;
    duplicates += totals.duplicates;
    progress.update((reachedAt - from) / Math.max(1, to - from), `${accepted.toLocaleString('en')} events`);
  };
  for (const { batch, reachedAt } of batches(month, from, to)) {
    if (stopped.aborted) break;
    if (inFlight.length >= BATCHES_IN_FLIGHT) await inFlight.shift();
    const recording = record(batch, reachedAt);
    // It is awaited above or below. Without this, a failure in between would count as unhandled.
    recording.catch(() => undefined);
    inFlight.push(recording);
  }
  await Promise.all(inFlight);
  progress.finish();
  return { accepted, duplicates };
}

/**
 * A batch holds the requests and the team's events of the same time span, so that after an
 * interruption both are missing from the same time on.
 */
function* batches(month: FillPlan['month'], from: number, to: number) {
  const team = createTeam(month);
  let batch: DemoEvents[] = [];
  let events = 0;
  let reached = from;

  function take(until: number) {
    const taken = { batch: [...batch, team.between(reached, until, FILL_PACE)], reachedAt: until };
    batch = [];
    events = 0;
    reached = until;
    return taken;
  }

  for (const { activity, startedAt } of generateActivities(month, from, to)) {
    while (startedAt - reached > LONGEST_BATCH_MS) yield take(reached + LONGEST_BATCH_MS);
    if (events >= EVENTS_PER_BATCH) yield take(startedAt);
    batch.push(activity);
    for (const part of Object.values(activity)) events += part.length;
  }
  while (to - reached > LONGEST_BATCH_MS) yield take(reached + LONGEST_BATCH_MS);
  yield take(to);
}
