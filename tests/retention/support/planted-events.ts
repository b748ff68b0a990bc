import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import type { EventInput } from '../../../src/ingest/ingest.ts';
import {
  agentMetric,
  agentUsage,
  errorLog,
  generation,
  gitCommit,
  healthSample,
  llmCall,
  metricUsage,
  requestLog,
  taskEvent,
  techniqueUsage,
  toolCall,
} from '../../support/events.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An event of each dataset in the form that a client sends. */
const EVENTS: Readonly<Record<string, (number: number, fields: Fields) => Fields>> = {
  requestLogs: (number, fields) => requestLog(`request-${number}`, fields),
  llmCalls: (_, fields) => llmCall(fields),
  techniqueUsages: (_, fields) => techniqueUsage(fields),
  errorLogs: (_, fields) => errorLog(fields),
  generations: (number, fields) => generation(`generation-${number}`, fields),
  metricUsages: (_, fields) => metricUsage(fields),
  agentMetrics: (_, fields) => agentMetric('builder', fields),
  agentActivities: (_, fields) => ({ agentId: 'builder', message: 'Edited a file', ...fields }),
  taskEvents: (_, fields) => taskEvent('task-1', { eventType: 'COMPLETED', ...fields }),
  gitCommits: gitCommit,
  healthSamples: (_, fields) => healthSample(fields),
  ragMetrics: (_, fields) => ({ totalPatterns: 1, totalQueries: 1, queryVolumeLastHour: 1, ...fields }),
  toolCalls: (_, fields) => toolCall({ sessionId: 'session-1', ...fields }),
  agentUsage: (_, fields) => agentUsage(fields),
};

/** One event of every dataset of the registry at each of these instants. */
export function plantedEvents(instants: readonly number[], firstNumber: number): EventInput[] {
  return datasets.map((dataset: Dataset) => {
    const event = EVENTS[dataset.name];
    if (event === undefined) throw new Error(`Say how an event of ${dataset.name} is sent`);
    const events = instants.map((instant, index) =>
      event(firstNumber + index, { timestamp: new Date(instant).toISOString() }),
    );
    return { dataset, events };
  });
}
