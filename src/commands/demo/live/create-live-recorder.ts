import { createTelltale, type Dataset, type EventOf, type Problem } from '../../../../client/src/node.ts';
import { TelltaleError } from '../../../core/errors.ts';
import type { DemoEvents } from '../demo-events.ts';
import type { Recorder } from '../fill.ts';
import { isTraceable, toTraces } from './telemetry.ts';

export interface LiveRecorder extends Recorder {
  /** Sends what is left. */
  close(): Promise<void>;
}

interface LiveRecorderOptions {
  /** The endpoint of the server. */
  readonly graphql: string;
  /** Where the server takes OTLP, without a path. */
  readonly otlp: string;
  readonly onProblem: (problem: Problem) => void;
}

/**
 * Records live events as services do, over HTTP: as traces if OpenTelemetry can express them,
 * otherwise by the client.
 */
export function createLiveRecorder({ graphql, otlp, onProblem }: LiveRecorderOptions): LiveRecorder {
  const client = createTelltale({ url: graphql, onError: onProblem });
  return {
    async record(all) {
      const traceable = all.filter(isTraceable);
      for (const events of all.filter((some) => !isTraceable(some))) {
        for (const [dataset, some] of Object.entries(events))
          for (const event of some) client.record(dataset as Dataset, event as EventOf<Dataset>);
      }
      await Promise.all(traceable.map((events) => sendTraces(otlp, events)));
      const { sent } = await client.flush();
      return { accepted: sent + traceable.length, duplicates: 0 };
    },
    async close() {
      await client.close();
    },
  };
}

async function sendTraces(url: string, events: DemoEvents): Promise<void> {
  const response = await fetch(new URL('/v1/traces', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(toTraces(events)),
  });
  const answer = await response.text();
  if (response.ok && !answer.includes('partialSuccess')) return;
  throw new TelltaleError('UNAVAILABLE', `A trace was not taken (${response.status}): ${answer}`);
}
