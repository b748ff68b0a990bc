/**
 * `npm run bench:instances` measures how long events take to reach subscribers of other instances,
 * with servers as shipped on one PostgreSQL from npm, and counts what subscribers miss when one
 * server after the other is killed. See docs/benchmarks.md.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openFailingPostgresql } from '../scripts/databases/postgresql-server.ts';
import { type InstanceProcess, startInstance } from './instances/servers.ts';
import type { SubscriberQuestion, SubscriberReport } from './instances/subscribers.ts';
import { startChild } from './lib/child.ts';
import { CACHE } from './lib/paths.ts';
import { formatNumber, quantile, renderTable, rounded } from './lib/statistics.ts';

const { values: flags } = parseArgs({
  options: {
    instances: { type: 'string', default: '4' },
    subscribers: { type: 'string', default: '2000' },
    services: { type: 'string', default: '500' },
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
  },
});
const [count, subscribers, services] = [
  Number(flags.instances),
  Number(flags.subscribers),
  Number(flags.services),
];
const [rate, seconds] = [Number(flags.rate), Number(flags.seconds)];
const BAR_MS = 150;
/** How many of the instances receive events. */
const RECORDING = 2;
const CALLS_PER_SECOND = 50;
const SETTLE_MS = 60_000;

interface Sent {
  readonly service: number;
  readonly by: number;
  readonly at: number;
  acknowledgedAt: number;
}

const now = () => performance.timeOrigin + performance.now();
const sent = new Map<string, Sent>();

/**
 * Records calls at the rate for some seconds. Sends each again, to another instance, until it is
 * acknowledged.
 */
async function record(recorders: readonly InstanceProcess[], forSeconds: number): Promise<void> {
  const calls: Promise<void>[] = [];
  const begun = now();
  for (let call = 0; call < forSeconds * CALLS_PER_SECOND; call++) {
    await sleep(Math.max(0, begun + (call * 1000) / CALLS_PER_SECOND - now()));
    calls.push(recordOnce(recorders, call % recorders.length));
  }
  await Promise.all(calls);
}

const callTo = (service: number) => ({
  ...{ id: randomUUID(), provider: 'openai', model: 'gpt-4o', success: true },
  service: `service-${service}`,
});

async function recordOnce(recorders: readonly InstanceProcess[], first: number): Promise<void> {
  const events = Array.from({ length: Math.round(rate / CALLS_PER_SECOND) }, () => {
    const service = Math.floor(Math.random() * services);
    const event = callTo(service);
    sent.set(event.id, { service, by: first, at: now(), acknowledgedAt: Number.NaN });
    return event;
  });
  await send(recorders, first, events);
  const at = now();
  for (const { id } of events) Object.assign(sent.get(id) ?? {}, { acknowledgedAt: at });
}

/** Sends until the call is acknowledged. */
async function send(
  recorders: readonly InstanceProcess[],
  first: number,
  events: readonly object[],
): Promise<void> {
  const query =
    'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted duplicates } }';
  const body = JSON.stringify({ query, variables: { input: events } });
  for (let attempt = first; ; attempt++) {
    try {
      const { url } = recorders[attempt % recorders.length] as InstanceProcess;
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const { data } = await response.json();
      if (data === undefined || data === null) throw new Error('not recorded');
      return;
    } catch {
      await sleep(100);
    }
  }
}

mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(join(CACHE, 'instances-'));
const postgresql = await openFailingPostgresql();
const instances: InstanceProcess[] = [];
const clients = startChild(new URL('./instances/subscribers.ts', import.meta.url));
const ask = <Answer>(question: SubscriberQuestion) => clients.ask<Answer>(question);
try {
  for (let index = 0; index < count; index++)
    instances.push(await startInstance(postgresql.url, join(folder, `instance-${index}`)));
  const recorders = instances.slice(0, RECORDING);
  await ask({
    kind: 'open',
    urls: instances.map(({ webSocketUrl }) => webSocketUrl),
    count: subscribers,
    services,
  });
  process.stderr.write(`${subscribers} subscribers at ${count} instances\n`);
  // A subscription has begun once an event has arrived. These events do not count.
  while ((await ask<number>({ kind: 'active' })) < subscribers) {
    await send(
      recorders,
      0,
      Array.from({ length: services }, (_, service) => callTo(service)),
    );
    await sleep(1_000);
  }
  await record(recorders, 2);
  const processorBefore = instances.map(({ processorMs }) => processorMs());
  const steadyFrom = now();
  await record(recorders, seconds);
  const steadyTo = now();
  const processor = instances.map(
    ({ processorMs }, index) => (processorMs() - (processorBefore[index] ?? 0)) / (steadyTo - steadyFrom),
  );
  await sleep(1_000);
  process.stderr.write('killing an instance that only delivers, then one that records\n');
  const loaded = record(recorders, 9);
  await sleep(2_000);
  await instances[count - 1]?.kill();
  await sleep(3_500);
  await instances[RECORDING - 1]?.kill();
  await loaded;
  const report = await allReceived();
  print(report, { from: steadyFrom, to: steadyTo, processor });
} finally {
  await ask({ kind: 'close' }).catch(() => undefined);
  await clients.stop();
  for (const instance of instances) await instance.stop();
  await postgresql.close();
  rmSync(folder, { recursive: true, force: true });
}

/** For each subscriber, the events that its filter accepts and that were acknowledged. */
function matching(): ReadonlyMap<number, readonly string[]> {
  const byService = new Map<number, string[]>();
  for (const [id, { service, acknowledgedAt }] of sent)
    if (!Number.isNaN(acknowledgedAt)) byService.set(service, [...(byService.get(service) ?? []), id]);
  return byService;
}

interface Missed {
  readonly report: SubscriberReport;
  readonly expected: number;
  readonly lost: number;
  readonly again: number;
}

async function allReceived(): Promise<Missed> {
  const end = now() + SETTLE_MS;
  for (;;) {
    const report = await ask<SubscriberReport>({ kind: 'received' });
    const had = new Set(report.received.map(([subscriber, id]) => `${subscriber} ${id}`));
    const byService = matching();
    let [expected, lost] = [0, 0];
    for (let subscriber = 0; subscriber < subscribers; subscriber++) {
      for (const id of byService.get(subscriber % services) ?? []) {
        expected++;
        if (!had.has(`${subscriber} ${id}`)) lost++;
      }
    }
    if (lost === 0 || now() > end)
      return { report, expected, lost, again: report.received.length - had.size };
    await sleep(1_000);
  }
}

interface Steady {
  readonly from: number;
  readonly to: number;
  /** The processors used by each instance. */
  readonly processor: readonly number[];
}

function print({ report, expected, lost, again }: Missed, { from, to, processor }: Steady): void {
  const seen = new Set<string>();
  const steady = report.received.flatMap(([subscriber, id, at]) => {
    const event = sent.get(id);
    const isFirst = seen.size < seen.add(`${subscriber} ${id}`).size;
    return !isFirst || event === undefined || event.at < from || event.at > to
      ? []
      : [{ ...event, subscriber, receivedAt: at }];
  });
  const elsewhere = steady.filter(({ subscriber, by }) => subscriber % count !== by);
  const here = steady.filter(({ subscriber, by }) => subscriber % count === by);
  const row = (name: string, times: readonly number[]) => [
    name,
    formatNumber(times.length),
    ...[0.5, 0.99, 1].map((p) => formatNumber(quantile(times, p))),
  ];
  const fromSending = elsewhere.map(({ at, receivedAt }) => receivedAt - at);
  const fromCommit = elsewhere.map(({ acknowledgedAt, receivedAt }) =>
    Math.max(0, receivedAt - acknowledgedAt),
  );
  const byInstance = instances.map((_, index) =>
    elsewhere.filter(({ subscriber }) => subscriber % count === index),
  );
  const table = renderTable(
    ['to subscribers', 'deliveries', 'p50 ms', 'p99 ms', 'most ms'],
    [
      row('of another instance, from the answer to the recorder', fromCommit),
      ...byInstance.map((some, index) =>
        row(
          `  those of instance ${index + 1}`,
          some.map(({ acknowledgedAt, receivedAt }) => Math.max(0, receivedAt - acknowledgedAt)),
        ),
      ),
      row('of another instance, from sending', fromSending),
      row(
        'of the recording instance, from sending',
        here.map(({ at, receivedAt }) => receivedAt - at),
      ),
    ],
  );
  const p99 = quantile(fromCommit, 0.99);
  const lines = [
    table,
    '',
    `p99 to another instance: ${formatNumber(p99)} ms, ${formatNumber(p99 / BAR_MS)} × the bar of ${BAR_MS} ms`,
    `two of ${count} instances were killed: ${report.moved.length} subscribers went on at another one`,
    `lost: ${lost} of ${formatNumber(expected)} deliveries of acknowledged events (bar: 0); came again: ${again}`,
    `errors: ${report.errors.length}${report.errors[0] === undefined ? '' : `, the first: ${report.errors[0]}`}`,
    `processors in use, by instance (the first ${RECORDING} record): ${processor.map((share) => share.toFixed(2)).join(', ')}`,
    `load of the machine: ${loadavg()[0]?.toFixed(1)}`,
    JSON.stringify({
      p99: rounded(p99),
      p99PerBar: rounded(p99 / BAR_MS),
      lost,
      again,
      moved: report.moved.length,
    }),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (lost > 0 || p99 > BAR_MS) process.exitCode = 1;
}
