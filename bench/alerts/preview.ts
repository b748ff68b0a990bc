import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Preview } from '../../src/alerting/rules/preview.ts';
import type { RulePolicy, RuleQuestion } from '../../src/alerting/rules/rule.ts';
import type { Analytics } from '../../src/analytics/analytics.ts';
import { DAY_MS, DAYS, END } from '../analytics/rows.ts';
import { fromSource } from '../lib/paths.ts';
import { evaluate } from './evaluate.ts';

const { previewRule } =
  await fromSource<typeof import('../../src/alerting/rules/preview.ts')>('alerting/rules/preview.ts');

export interface PreviewResult {
  readonly preview: Preview;
  readonly previewMs: number;
  /** The longest time for which the event loop was blocked. */
  readonly longestTurnMs: number;
  /** Time of one query per evaluation of the preview, extrapolated from a sample. */
  readonly eachMs: number;
}

/** Number of windows that are queried one by one, evenly spread. */
const SAMPLE = 60;
const RANGE = { from: END - DAYS * DAY_MS, to: END };
/** No value passes these thresholds: the benchmark measures the evaluations, not the alerts. */
const POLICY: RulePolicy = {
  comparator: 'GT',
  warning: Number.MAX_SAFE_INTEGER,
  critical: null,
  forMs: 0,
  absent: 'OK',
  recoverMs: 0,
  renotifyMs: null,
};

/** Compares the preview of a rule over the month with one query per window. */
export async function measurePreview(
  analytics: Analytics,
  question: RuleQuestion,
  runs: number,
): Promise<PreviewResult> {
  const rule = { projectId: 'default', question, policy: POLICY };
  const run = () => previewRule({ analytics, now: END }, rule, RANGE);
  await run();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const times: number[] = [];
  let preview = await timed(times, run);
  while (times.length < runs) preview = await timed(times, run);
  delay.disable();
  const { step, evaluations, range } = preview;
  const single: number[] = [];
  for (let index = 0; index < SAMPLE; index++) {
    const end = range.to - Math.floor((index * evaluations) / SAMPLE) * step;
    await timed(single, () => evaluate(analytics, question, { from: end - question.windowMs, to: end }));
  }
  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  return {
    preview,
    previewMs: mean(times),
    longestTurnMs: delay.max / 1e6,
    eachMs: mean(single) * evaluations,
  };
}

async function timed<Value>(times: number[], work: () => Promise<Value>): Promise<Value> {
  const start = performance.now();
  const value = await work();
  times.push(performance.now() - start);
  return value;
}
