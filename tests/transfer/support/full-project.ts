import { expect, vi } from 'vitest';
import { operatorOf } from '../../../src/access/caller.ts';
import type { App } from '../../../src/app.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import type { Store } from '../../../src/storage/store.ts';
import { type MovedRow, readAll, readShapes } from '../../../src/transfer/stored-tables.ts';
import { startReceiver } from '../../alerting/delivery/support/receiver.ts';
import { llmCall, uuidOf } from '../../support/events.ts';
import type { TestClock } from '../../support/test-clock.ts';
import { fullEvents } from './full-events.ts';

export const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;
/** A value of a webhook that no archive may contain. */
export const HOOK_SECRET = `whsec_${'c2VjcmV0'.repeat(4)}`;

const STATES = `mutation ($secret: String, $url: String!) {
  saveArchitecture(input: { generationId: "g-1", name: "Web shop", spec: { nodes: [{ id: "ü" }] } }) { architecture { id } }
  createMetric(input: { metricId: "revenue", name: "Revenue", tags: ["money"] }) { metric { id } }
  updateMetric(input: { metricId: "revenue", description: "All of it", changedBy: "bob" }) { metric { id } }
  raiseAlert(input: { alertId: "disk", type: SYSTEM, severity: WARNING, title: "Full" }) { alert { id } }
  createAlertRule(input: { ruleId: "slow", name: "Slow", dataset: "llmCalls", aggregate: COUNT, comparator: GT,
    critical: 1000000, window: "PT5M", groupBy: ["provider"] }) { rule { ruleId } }
  createWebhook(input: { webhookId: "hook", url: $url, secret: $secret }) { webhook { webhookId } }
  setRetentionPolicy(input: { dataset: "llmCalls", rowDays: 30 }) { retentionPolicy { dataset } }
}`;

/**
 * Fills the project `shop`: events of all datasets with all columns, states of all kinds, and calls
 * whose rows retention has removed while it kept their totals. Nothing changes the rows afterwards.
 * The app must allow webhooks on this machine.
 */
export async function fillProject({ services, fetch }: App, clock: TestClock): Promise<void> {
  const { ingest, projects, retention, store } = services;
  await using receiver = await startReceiver();
  await projects.create({ projectId: 'shop', name: 'The shop' });
  const body = JSON.stringify({ query: STATES, variables: { secret: HOOK_SECRET, url: receiver.url } });
  const headers = { 'content-type': 'application/json' };
  const request = new Request('http://localhost/graphql', { method: 'POST', headers, body });
  const answer = (await (await fetch(request, operatorOf('shop'))).json()) as { errors?: unknown };
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
  const old = Array.from({ length: 5 }, (_, number) =>
    llmCall({
      id: uuidOf(100 + number),
      timestamp: new Date(clock.now() - number).toISOString(),
      promptTokens: 7,
    }),
  );
  await ingest.record('shop', [{ dataset: llmCalls, events: old }]);
  const ofOld = clock.now();
  clock.advance(40 * DAY_MS);
  // The call is late: its row stays, but for its time only totals are left.
  const late = llmCall({ id: uuidOf(200), timestamp: new Date(ofOld).toISOString(), promptTokens: 11 });
  await ingest.record('shop', [{ dataset: llmCalls, events: [late] }]);
  await retention.run({ dryRun: false });
  for (const dataset of datasets) await ingest.record('shop', [{ dataset, events: fullEvents(dataset) }]);
  // The same value of a project that must not appear in an archive of the shop.
  await projects.create({ projectId: 'blog' });
  await ingest.record('blog', [{ dataset: llmCalls, events: [llmCall({ id: uuidOf(1) })] }]);
  await alertIsSent(store, clock);
}

/**
 * One of the health samples is current, and a degraded service raises an alert in the background.
 * The clock determines what is due there, so it must advance.
 */
function alertIsSent(store: Store, clock: TestClock): Promise<void> {
  const sent = store.query.selectFrom('alert_deliveries').select('status');
  return vi.waitFor(
    async () => {
      clock.advance(SECOND_MS);
      expect(await sent.execute()).toEqual([{ status: 'DELIVERED' }]);
    },
    { timeout: 60_000, interval: 100 },
  );
}

/** All rows of a project, by their tables, in an order that does not depend on the database. */
export async function dumpProject(
  store: Store,
  projectId: string,
  change: (table: string, row: MovedRow) => unknown = (_, row) => row,
): Promise<Record<string, string[]>> {
  const dump: Record<string, string[]> = {};
  for (const [table, shape] of await readShapes(store)) {
    if (table === 'projects' || !shape.columns.some(({ name }) => name === 'project_id')) continue;
    const rows: string[] = [];
    for await (const page of readAll(store, shape, { limit: 500, projectId })) {
      const kept = page.map((row) => change(table, row)).filter((row) => row !== null);
      rows.push(...kept.map((row) => JSON.stringify(sorted(row))));
    }
    if (rows.length > 0) dump[table] = rows.sort();
  }
  return dump;
}

/** PostgreSQL does not keep the order of the members of JSON. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
