import type { RequestRecorder } from './activity.ts';
import { METRICS } from './metric-catalog.ts';
import type { Random } from './random.ts';

const CONTEXTS = ['weekly report', 'board deck', 'incident review', 'pricing model', 'ad hoc question'];

/**
 * Records which metrics of the catalog a report was made from: one to three, often used ones more
 * often.
 */
export function recordMetricUsages(random: Random, recorder: RequestRecorder, usedBy: string): void {
  const count = random.integer(1, 3);
  const used = new Set<string>();
  for (let drawn = 0; drawn < count; drawn++) used.add(random.weighted(METRICS).metricId);
  for (const metricId of used) {
    recorder.add('metricUsages', { metricId, usedBy, context: random.pick(CONTEXTS) });
  }
}
