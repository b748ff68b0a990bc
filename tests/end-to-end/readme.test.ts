import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from '../../scripts/prepare/paths.mjs';
import { DEFAULT_PROJECT } from '../../src/access/projects.ts';
import { createRecorder, fillMonth } from '../../src/commands/demo/fill.ts';
import { fillAlerts } from '../../src/commands/demo/fill-alerts.ts';
import { fillCatalog } from '../../src/commands/demo/fill-catalog.ts';
import { planFill } from '../../src/commands/demo/month.ts';
import { incidentOf } from '../../src/commands/demo/rhythm.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { createTestClock } from '../support/test-clock.ts';
import { type Block, blocks, shapeOf, withAnyWhereEmpty } from './support/readme.ts';

const run = promisify(execFile);
const silent = { update: () => undefined, finish: () => undefined };
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Any time is possible: generate.test.ts shows that every day has the incident. */
const MADE_AT = Date.parse('2026-11-27T17:23:45.678Z');

/**
 * Commands that run until they are stopped: readme-unending.test.ts runs those. Other tests cover
 * the first three. The last one would revoke the rights of the other blocks: access-page.test.ts
 * runs it.
 */
const RUN_ELSEWHERE = [
  'git clone',
  'npm run demo',
  'DATABASE_URL=postgresql:',
  'npm run collect -- ',
  'eval "$(node dist/main.js agent-env --claude',
  'WEBHOOK_SECRET=',
  'curl -sN',
  'npm run keys',
];
const isRunElsewhere = ({ text }: Block) => RUN_ELSEWHERE.some((start) => text.startsWith(start));

/** The demo with little traffic, except around the incident and in the last minutes. */
async function fillDemo({ app }: TestApp): Promise<void> {
  const recorder = createRecorder(app.services.ingest, DEFAULT_PROJECT, datasets);
  const { month, to } = planFill(null, MADE_AT, { seed: 1, scale: 1 });
  const incident = incidentOf(month);
  const fill = (scale: number, from: number, until: number) =>
    fillMonth(
      { month: { ...month, scale }, from, to: until },
      { recorder, progress: silent, stopped: new AbortController().signal },
    );
  await fill(0.01, to - 7 * DAY_MS, incident.from);
  await fill(1, incident.from, incident.to + HOUR_MS);
  await fill(0.01, incident.to + HOUR_MS, to - 10 * MINUTE_MS);
  await fill(1, to - 10 * MINUTE_MS, to);
  await fillCatalog(app);
  await fillAlerts(app, incident);
}

/** Runs the block as a reader would, but at the test's server. */
async function runInShell(text: string, url: string): Promise<string> {
  const script = text
    .replaceAll('http://127.0.0.1:4000', new URL(url).origin)
    .replace('npm run import -- ', `node dist/main.js import --url ${url} `);
  return (await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: root })).stdout;
}

describeEachDatabase('the README', (database) => {
  it('shows what a fresh demo answers, block by block', async () => {
    await using server = await startApp({ database, clock: createTestClock(MADE_AT) });
    await fillDemo(server);
    const compared: string[] = [];
    for (const [index, block] of blocks.entries()) {
      const next = blocks[index + 1];
      if (block.kind === 'graphql') {
        expect((await server.execute(block.text)).errors, block.text).toBeUndefined();
      } else if (block.kind === 'sh' && !isRunElsewhere(block)) {
        const answer = await runInShell(block.text, server.url);
        if (next?.kind === 'json') {
          expect(shapeOf(JSON.parse(answer)), block.text).toEqual(
            withAnyWhereEmpty(shapeOf(JSON.parse(next.text))),
          );
          compared.push(block.text);
        } else if (next?.kind === '') {
          expect(withoutSpeed(answer)).toContain(withoutSpeed(next.text).trim().split('\n').at(-1));
        } else {
          expect(JSON.parse(answer).errors, block.text).toBeUndefined();
        }
      }
    }
    expect(compared).toHaveLength(blocks.filter(({ kind }) => kind === 'json').length);
    const history = await server.query<{ metric: { history: { totalCount: number } } }>(
      '{ metric(metricId: "gross_margin") { history { totalCount } } }',
    );
    expect(history.metric.history.totalCount).toBeGreaterThan(0);
  });
});

function withoutSpeed(text: string): string {
  return text.replace(/, [\d,]+ rows\/s/, '');
}
