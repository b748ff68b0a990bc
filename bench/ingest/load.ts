/**
 * The load generator, in its own process and the same for every server. Its closed-loop clients
 * send prepared bodies over keep-alive connections, and count the acknowledged events.
 */
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCallInputs } from '../lib/call-input.ts';
import { serveParent } from '../lib/child.ts';
import { quantile } from '../lib/statistics.ts';
import { encodeSpans, renew, type SpanBody } from '../otlp/spans.ts';

export interface LoadJob {
  readonly url: string;
  readonly mutation: string;
  /** Events in one mutation. */
  readonly batch: number;
  /** In addition to those of every request, such as one with an API key. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly clients: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /**
   * `server`: no ids in the events. `random`: every event has a new random UUIDv4 from the client.
   */
  readonly ids: 'server' | 'random';
  /**
   * Number of mutations that every client sends, instead of a fixed time. The rate is the number of
   * all events by the time until the last answer. For a server that takes longer than the measured
   * time to answer every client once.
   */
  readonly mutationsPerClient?: number;
  /** Whether to query `{ __typename }` meanwhile, every few milliseconds. */
  readonly probe?: boolean;
  /** Where to send spans by OTLP, instead of mutations to `url`. */
  readonly otlp?: string;
}

export interface LoadResult {
  readonly eventsPerSecond: number;
  readonly requests: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Mutations that were answered OVERLOADED and sent again. */
  readonly overloaded: number;
  /** The p99 of `{ __typename }` meanwhile; null if it was not measured. */
  readonly probeP99Ms: number | null;
}

/** Number of distinct events in the bodies. Then they repeat with new ids. */
const DISTINCT_EVENTS = 40_000;
const MAX_BODIES = 4000;
/** A phase lasts until every client has had an answer, but not longer than this. */
const LONGEST_PHASE_MS = 25_000;
const PLACEHOLDER = '00000000-0000-4000-8000-000000000000';

serveParent<LoadJob>(run);

interface Counters {
  events: number;
  requests: number;
  overloaded: number;
  latencies: number[];
}

/** A running job. */
interface Run {
  readonly job: LoadJob;
  readonly agent: Agent;
  /** Makes the body of the next request of a client. */
  readonly nextBody: (client: number) => Buffer;
  readonly counters: Counters;
}

async function run(job: LoadJob): Promise<LoadResult> {
  const counters: Counters = { events: 0, requests: 0, overloaded: 0, latencies: [] };
  const agent = new Agent({ keepAlive: true, maxSockets: job.clients, noDelay: true });
  const running = { job, agent, nextBody: prepareBodies(job), counters };
  try {
    return job.mutationsPerClient === undefined
      ? await runForTime(running)
      : await runFixedWork(running, job.mutationsPerClient);
  } finally {
    agent.destroy();
  }
}

async function runForTime(run: Run): Promise<LoadResult> {
  const { job, counters } = run;
  let running = true;
  const all = startClients(run, () => running);
  const probe = startProbe(job, () => running);
  await Promise.race([phase(job.warmUpMs, () => counters.requests >= job.clients), all]);
  const before = { ...counters, at: performance.now() };
  counters.latencies = [];
  probe.latencies.length = 0;
  await Promise.race([phase(job.measureMs, () => counters.requests - before.requests >= job.clients), all]);
  const result = toResult(counters, before, performance.now() - before.at);
  running = false;
  await Promise.all([all, probe.done]);
  return { ...result, probeP99Ms: job.probe ? quantile(probe.latencies, 0.99) : null };
}

const PROBE_EVERY_MS = 3;

/**
 * Queries nothing but `__typename`, on a separate connection, so that it waits only for the event
 * loop.
 */
function startProbe({ probe, url, headers }: LoadJob, continues: () => boolean) {
  const latencies: number[] = [];
  async function ask(): Promise<void> {
    while (probe && continues()) {
      const start = performance.now();
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: '{"query":"{ __typename }"}',
      });
      await response.text();
      latencies.push(performance.now() - start);
      await sleep(PROBE_EVERY_MS);
    }
  }
  return { latencies, done: ask() };
}

async function runFixedWork(run: Run, mutationsPerClient: number): Promise<LoadResult> {
  const start = performance.now();
  await startClients(run, (sent) => sent < mutationsPerClient);
  return toResult(run.counters, { events: 0, overloaded: 0 }, performance.now() - start);
}

function toResult(
  { events, overloaded, latencies }: Counters,
  before: { readonly events: number; readonly overloaded: number },
  milliseconds: number,
): LoadResult {
  return {
    eventsPerSecond: ((events - before.events) / milliseconds) * 1000,
    requests: latencies.length,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    overloaded: overloaded - before.overloaded,
    probeP99Ms: null,
  };
}

/**
 * Closed loop: each client sends its next mutation when the last one is answered, as long as
 * `continues` returns true for the number of mutations that it has sent.
 */
async function startClients(
  { job, agent, nextBody, counters }: Run,
  continues: (sent: number) => boolean,
): Promise<void> {
  const send = job.otlp === undefined ? post : postSpans;
  async function client(number: number): Promise<void> {
    for (let sent = 0; continues(sent); sent++) {
      const bytes = nextBody(number);
      const start = performance.now();
      const answer = await send(agent, job, bytes);
      if (answer === 'OVERLOADED') {
        counters.overloaded++;
        continue;
      }
      if (answer !== job.batch) throw new Error(`${answer} of ${job.batch} events were accepted`);
      counters.events += answer;
      counters.requests++;
      counters.latencies.push(performance.now() - start);
    }
  }
  await Promise.all(Array.from({ length: job.clients }, (_, number) => client(number)));
}

/** Ends after `milliseconds`, but not before `reached` returns true (see `LONGEST_PHASE_MS`). */
function phase(milliseconds: number, reached: () => boolean): Promise<void> {
  const start = performance.now();
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - start;
      if (elapsed < milliseconds || (!reached() && elapsed < LONGEST_PHASE_MS)) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });
}

interface Body {
  readonly bytes: Buffer;
  /** The positions of the ids. */
  readonly offsets: readonly number[];
}

function prepareBodies({ mutation, batch, ids, otlp, clients }: LoadJob): Run['nextBody'] {
  const count = Math.max(clients, Math.min(MAX_BODIES, Math.ceil(DISTINCT_EVENTS / batch)));
  const events = makeCallInputs(count * batch, 1, Date.now());
  const slices = Array.from({ length: count }, (_, index) =>
    events.slice(index * batch, (index + 1) * batch),
  );
  if (otlp !== undefined) return ofClients(slices.map(encodeSpans), clients);
  const bodies = slices.map((slice): Body => {
    const input = ids === 'random' ? slice.map((event) => ({ id: PLACEHOLDER, ...event })) : slice;
    const bytes = Buffer.from(JSON.stringify({ query: mutation, variables: { input } }));
    return { bytes, offsets: ids === 'random' ? offsetsOf(bytes) : [] };
  });
  return inTurns(bodies, ids === 'random' ? createPatch() : ({ bytes }) => bytes);
}

function inTurns<Kind>(bodies: readonly Kind[], make: (body: Kind) => Buffer): () => Buffer {
  let next = 0;
  return () => make(bodies[next++ % bodies.length] as Kind);
}

function offsetsOf(bytes: Buffer): number[] {
  const offsets: number[] = [];
  for (let at = bytes.indexOf(PLACEHOLDER); at !== -1; at = bytes.indexOf(PLACEHOLDER, at + 1))
    offsets.push(at);
  return offsets;
}

/** Each client has its own bodies, which nobody else sends while their ids are written. */
function ofClients(bodies: readonly SpanBody[], clients: number): Run['nextBody'] {
  const sent: number[] = new Array(clients).fill(0);
  const each = Math.floor(bodies.length / clients);
  return (client) => renew(bodies[client * each + ((sent[client] as number)++ % each)] as SpanBody);
}

/** Writes new random ids into a copy, because another client may be sending the body. */
function createPatch(): (body: Body) => Buffer {
  return ({ bytes, offsets }) => {
    const copy = Buffer.from(bytes);
    const random = randomBytes(16 * offsets.length).toString('hex');
    for (const [index, offset] of offsets.entries()) {
      const hex = random.slice(index * 32, index * 32 + 32);
      const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
      copy.write(id, offset, 'latin1');
    }
    return copy;
  };
}

/** Sends a mutation; resolves with the number of accepted events. */
function post(agent: Agent, { url, headers: given }: LoadJob, body: Buffer): Promise<number | 'OVERLOADED'> {
  return new Promise((resolve, reject) => {
    const headers = { ...given, 'content-type': 'application/json', 'content-length': body.length };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (text.includes('"OVERLOADED"')) return resolve('OVERLOADED');
        const accepted = /"accepted":(\d+)/.exec(text)?.[1];
        if (accepted === undefined) return reject(new Error(`${response.statusCode}: ${text.slice(0, 500)}`));
        resolve(Number(accepted));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Sends spans; resolves with their number if all were taken. */
function postSpans(agent: Agent, job: LoadJob, body: Buffer): Promise<number | 'OVERLOADED'> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...job.headers,
      'content-type': 'application/x-protobuf',
      'content-length': body.length,
    };
    const sent = request(job.otlp ?? '', { method: 'POST', agent, headers }, (response) => {
      let size = 0;
      response.on('data', (chunk: Buffer) => (size += chunk.length));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 503) resolve('OVERLOADED');
        // An empty answer means that everything was accepted.
        else if (response.statusCode === 200 && size === 0) resolve(job.batch);
        else reject(new Error(`The spans were answered with ${response.statusCode} and ${size} bytes`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
