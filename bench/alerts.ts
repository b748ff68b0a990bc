/**
 * `npm run bench:alerts` measures the evaluation of a hundred rules from rollups, compared with the
 * evaluation from rows, and as a share of the time between two evaluations. It also compares the
 * preview of a rule over a month with one query per window. See docs/benchmarks.md.
 */
import { parseArgs } from 'node:util';
import type { RuleQuestion } from '../src/alerting/rules/rule.ts';
import type { Analytics } from '../src/analytics/analytics.ts';
import { assertSameFound, evaluate, type Found } from './alerts/evaluate.ts';
import { measurePreview } from './alerts/preview.ts';
import { type Measured, type Results, report } from './alerts/report.ts';
import { questionsWith, WINDOWS } from './alerts/rules.ts';
import { ourDatabase } from './analytics/build.ts';
import { fromSource } from './lib/paths.ts';
import { median } from './lib/statistics.ts';

const { values: flags } = parseArgs({
  options: {
    size: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '5' },
  },
});
const size = Number(flags.size);
const runs = Number(flags.runs);

const { createStore } =
  await fromSource<typeof import('../src/storage/create-store.ts')>('storage/create-store.ts');
const { datasets } =
  await fromSource<typeof import('../src/declarations/registry.ts')>('declarations/registry.ts');
const { createAnalytics } = await fromSource<typeof import('../src/analytics/create-analytics.ts')>(
  'analytics/create-analytics.ts',
);

const store = await createStore({ url: `file:${await ourDatabase(size)}`, datasets });
try {
  const analytics = createAnalytics({ store });
  const raw = createAnalytics({ store, sources: 'RAW' });
  const windows: Results['windows'][number][] = [];
  for (const [name, windowMs] of Object.entries(WINDOWS)) {
    process.stderr.write(`rules with a window of ${name}\n`);
    const rules: Measured[] = [];
    for (const question of questionsWith(windowMs)) rules.push(await measureRule(analytics, raw, question));
    windows.push({ name, windowMs, rules });
  }
  const previews: Results['previews'][number][] = [];
  for (const [name, question] of previewed()) {
    process.stderr.write(`preview: ${name}\n`);
    previews.push({ name, result: await measurePreview(analytics, question, runs) });
  }
  report({ size, runs, windows, previews });
} finally {
  await store.close();
}

async function measureRule(analytics: Analytics, raw: Analytics, question: RuleQuestion): Promise<Measured> {
  assertSameFound(question, await evaluate(analytics, question), await evaluate(raw, question));
  return {
    planned: await millisecondsOf(() => evaluate(analytics, question)),
    raw: await millisecondsOf(() => evaluate(raw, question)),
  };
}

async function millisecondsOf(work: () => Promise<Found>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}

/**
 * The error rate of all calls, a quantile per provider, and the cost per end user over a rolling
 * day.
 */
function previewed(): [string, RuleQuestion][] {
  const find = (windowMs: number, aggregate: string, groupBy: string): RuleQuestion =>
    questionsWith(windowMs).find(
      (question) => question.aggregate === aggregate && question.groupBy.join() === groupBy,
    ) as RuleQuestion;
  return [
    ['error rate, PT5M', find(WINDOWS.PT5M, 'ERROR_RATE', '')],
    ['p95 by provider, PT6H', find(WINDOWS.PT6H, 'QUANTILE', 'provider')],
    ['cost by end user, P1D', find(WINDOWS.P1D, 'SUM', 'endUser')],
  ];
}
