import type { App } from '../../app.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { Progress } from '../progress.ts';
import type { Activity, ActivityPart } from './activity.ts';
import { generateActivities } from './generate.ts';
import type { FillPlan } from './month.ts';

type Ingest = App['services']['ingest'];

/** Where the demo's events go. */
export interface Recorder {
  record(activities: readonly Activity[]): Promise<FillTotals>;
}

export interface FillTotals {
  readonly accepted: number;
  readonly duplicates: number;
}

/** The demo's datasets, in the order in which an activity is stored. */
const PARTS: readonly ActivityPart[] = [
  'requestLogs',
  'llmCalls',
  'techniqueUsages',
  'errorLogs',
  'generations',
  'metricUsages',
];
const EVENTS_PER_BATCH = 4000;
/** The next batch is generated and checked while this many are being written. */
const BATCHES_IN_FLIGHT = 2;

/**
 * Records activities through the ingest service, each whole.
 *
 * @throws Error when the service rejects an event: the generator and the declarations disagree.
 */
export function createRecorder(ingest: Ingest, projectId: string, datasets: readonly Dataset[]): Recorder {
  const parts = PARTS.map((part) => ({ part, dataset: datasetNamed(datasets, part) }));
  return {
    async record(activities) {
      const inputs = parts.map(({ part, dataset }) => ({
        dataset,
        events: activities.flatMap((activity) => activity[part]),
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

/** @throws Error when there is none: a mistake in our code. */
export function datasetNamed(datasets: readonly Dataset[], name: string): Dataset {
  const dataset = datasets.find((one) => one.name === name);
  if (dataset === undefined) throw new Error(`There is no dataset ${name}`);
  return dataset;
}

/** Generates what the plan asks for and records it in time order. `stopped` ends the fill after the batches in flight. */
export async function fillMonth(
  plan: FillPlan,
  recorder: Recorder,
  progress: Progress,
  stopped: AbortSignal,
): Promise<FillTotals> {
  const { month, from, to } = plan;
  let accepted = 0;
  let duplicates = 0;
  const inFlight: Promise<void>[] = [];
  const record = async (batch: readonly Activity[], reachedAt: number) => {
    const totals = await recorder.record(batch);
    accepted += totals.accepted;
    duplicates += totals.duplicates;
    progress.update((reachedAt - from) / Math.max(1, to - from), `${accepted.toLocaleString('en')} events`);
  };
  for (const { batch, reachedAt } of batches(month, from, to)) {
    if (stopped.aborted) break;
    if (inFlight.length >= BATCHES_IN_FLIGHT) await inFlight.shift();
    const recording = record(batch, reachedAt);
    // Awaited above or below; without this a failure in between would count as unhandled.
    recording.catch(() => undefined);
    inFlight.push(recording);
  }
  await Promise.all(inFlight);
  progress.finish();
  return { accepted, duplicates };
}

function* batches(month: FillPlan['month'], from: number, to: number) {
  let batch: Activity[] = [];
  let events = 0;
  for (const { activity, startedAt } of generateActivities(month, from, to)) {
    batch.push(activity);
    for (const part of PARTS) events += activity[part].length;
    if (events < EVENTS_PER_BATCH) continue;
    yield { batch, reachedAt: startedAt };
    batch = [];
    events = 0;
  }
  if (batch.length > 0) yield { batch, reachedAt: to };
}
