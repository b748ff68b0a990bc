import { expect, it, vi } from 'vitest';
import { createInstruments } from '../../src/metrics/instruments.ts';
import { createMetrics, type MetricsOptions } from '../../src/metrics/metrics.ts';
import { WELL } from '../monitoring/support.ts';
import { parseMetrics } from './support/parse-metrics.ts';

const NONE = { events: 0, bytes: 0 };

it('shows what it can while the database is unavailable, and says that it is incomplete', async () => {
  const warn = vi.fn();
  const pass = vi.fn(async () => {});
  const away = () => Promise.reject(new Error('away'));
  const instruments = createInstruments([{ name: 'llmCalls' }]);
  const metrics = createMetrics({
    store: {
      dialect: 'sqlite',
      connections: () => ({ limit: 2, busy: 0, waiting: 0 }),
      replica: null,
      reading: (_scope: unknown, work: () => unknown) => work(),
    },
    analytics: { groups: away, totals: away },
    clock: { now: () => 0 },
    ingest: { load: () => ({ share: 0, held: NONE, limit: NONE, failedCalls: 3 }) },
    columns: { lag: async () => new Map([['llmCalls', Number.POSITIVE_INFINITY]]) },
    open: () => ({ connections: 1, webSockets: 0, subscriptions: 0 }),
    readFacts: async () => ({ ...WELL, notReady: 'The database does not answer.', stored: null }),
    portions: { pass },
    ...{ instruments, version: '1', log: { warn } },
  } as unknown as MetricsOptions);
  const samples = parseMetrics(await metrics.text({ server: true, projects: ['shop'] }));
  const value = (wanted: string) => samples.find(({ name }) => name === wanted)?.value;
  expect(value('telltale_metrics_complete')).toBe(0);
  expect(value('telltale_ready')).toBe(0);
  expect(value('telltale_ingest_failed_calls_total')).toBe(3);
  expect(value('telltale_columns_lag_events')).toBe(Number.POSITIVE_INFINITY);
  expect(value('telltale_database_size_bytes')).toBeUndefined();
  expect(value('telltale_llm_calls_total')).toBeUndefined();
  expect(warn).toHaveBeenCalledTimes(1);
  // Each scrape has a turn of its own, even if it reads nothing anew.
  expect(pass).toHaveBeenCalledTimes(1);
  await metrics.text({ server: true, projects: [] });
  expect(pass).toHaveBeenCalledTimes(2);
});
