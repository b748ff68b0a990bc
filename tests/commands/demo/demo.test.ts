import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_PROJECT } from '../../../src/access/projects.ts';
import { createRecorder, datasetNamed, fillMonth, type Recorder } from '../../../src/commands/demo/fill.ts';
import { type FillPlan, planFill } from '../../../src/commands/demo/month.ts';
import { findDemoRows } from '../../../src/commands/demo/newest.ts';
import { createTeam, LIVE_PACE } from '../../../src/commands/demo/team/team.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { SHORT_LIVED } from '../../support/short-lived.ts';
import { startApp, type TestApp } from '../../support/start-app.ts';

const silent = { update: () => undefined, finish: () => undefined };
const never = new AbortController().signal;
const requestLogs = datasetNamed(datasets, 'requestLogs');

describeEachDatabase('the demo’s database', (database) => {
  const options = { seed: 1, scale: 0.04 };
  let now: number;
  let plan: FillPlan;
  let server: TestApp;
  let recorder: Recorder;
  let before: unknown;
  let accepted: number;
  beforeAll(async () => {
    now = Date.now();
    const month = planFill(null, now, options);
    // The last days are long enough to see every kind of event.
    plan = { ...month, from: month.to - 5 * 86_400_000 };
    server = await startApp({ database });
    recorder = createRecorder(server.app.services.ingest, DEFAULT_PROJECT, datasets);
    before = await findDemoRows(server.app.services.store, requestLogs, datasets);
    ({ accepted } = await fillMonth(plan, { recorder, progress: silent, stopped: never }));
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('accepts every event of the generator, and recognises repeated ones', async () => {
    expect(before).toBeNull();
    expect(accepted).toBeGreaterThan(1000);
    const newest = await findDemoRows(server.app.services.store, requestLogs, datasets);
    expect(newest?.timestamp).toBeGreaterThan(plan.to - 86_400_000);
    const next = planFill(newest, now + 60_000, options);
    expect(next).toEqual({ month: plan.month, from: newest?.timestamp, to: now + 60_000 - 90_000 });
    const again = await fillMonth(
      { ...plan, from: plan.to - 86_400_000 },
      { recorder, progress: silent, stopped: never },
    );
    expect(again.accepted).toBe(0);
    expect(again.duplicates).toBeGreaterThan(100);
  });

  it('shows agents at work, a board, commits, RAG and samples, which move while it runs', async () => {
    await recorder.record([createTeam(plan.month).between(plan.to, now, LIVE_PACE)]);
    const shown = await server.query<Shown>(SHOWN);
    expect(shown.agents.nodes).toHaveLength(6);
    expect(shown.agents.nodes.find(({ agentId }) => agentId === 'migrator')?.status).toBe('OFFLINE');
    expect(shown.agents.nodes.filter(({ status }) => status !== 'OFFLINE')).toHaveLength(5);
    const statuses = shown.taskBoard.counts.map(({ status }) => status);
    expect(statuses).toEqual(expect.arrayContaining(['backlog', 'done', 'standby']));
    expect(shown.taskVelocity.some(({ completed }) => completed > 0)).toBe(true);
    expect(shown.commitActivity.commits).toBeGreaterThan(20);
    expect(shown.ragOverview.topPatterns[0]).toMatchObject({ pattern: 'refund policy' });
    expect(shown.health.services.filter(({ sampledAt }) => sampledAt !== null)).toHaveLength(6);
  });

  it('is not mixed with a user’s own data', async () => {
    await using other = await startApp({ database });
    await other.query(
      `mutation { recordRequestLogs(input: [
        { requestId: "mine", endpoint: "/", method: "GET", statusCode: 200, latencyMs: 1 }
      ]) { accepted } }`,
    );
    await expect(findDemoRows(other.app.services.store, requestLogs, datasets)).rejects.toThrow(
      /DATABASE_URL: .*not the demo/,
    );
  });
});

const SHOWN = `{
  agents { nodes { agentId status } }
  taskBoard { counts { status count } }
  taskVelocity { completed }
  commitActivity(range: { last: "P7D" }) { commits }
  ragOverview(range: { last: "P7D" }) { topPatterns { pattern count } }
  health { services { sampledAt } }
}`;

interface Shown {
  agents: { nodes: { agentId: string; status: string }[] };
  taskBoard: { counts: { status: string; count: number }[] };
  taskVelocity: { completed: number }[];
  commitActivity: { commits: number };
  ragOverview: { topPatterns: { pattern: string; count: number }[] };
  health: { services: { sampledAt: string | null }[] };
}

/** Resolves with the first match in the output of the process. Rejects if it ends before. */
function waitForOutput(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let output = '';
    const onData = (chunk: Buffer) => {
      output += chunk;
      const match = pattern.exec(output);
      if (match !== null) resolve(match);
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${output}`)));
  });
}

it('npm run demo: fills, serves, adds live events, and ends with 0 on Ctrl-C', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'demo-'));
  const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));
  const child = spawn(process.execPath, [...SHORT_LIVED, main, 'demo', '--calls', '2000'], {
    env: {
      ...process.env,
      DATABASE_URL: `file:${join(folder, 'demo.db')}`,
      PORT: '0',
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'info',
    },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const [, recorded] = await waitForOutput(child, /([\d,]+) events recorded in/);
    expect(Number(recorded?.replace(',', ''))).toBeGreaterThan(2000);
    const [url] = await waitForOutput(child, /http:\/\/127\.0\.0\.1:\d+\/graphql/);
    const totals = async () => {
      const query = '{ requestLogAnalytics(range: { last: "P31D" }) { totals { count } } }';
      const body = JSON.stringify({ query });
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      return (await response.json()).data.requestLogAnalytics.totals.count as number;
    };
    const before = await totals();
    expect(before).toBeGreaterThan(1000);
    await expect.poll(totals, { interval: 200 }).toBeGreaterThan(before);
  } finally {
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    await rm(folder, { recursive: true });
  }
});
