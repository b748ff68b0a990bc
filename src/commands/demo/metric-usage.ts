import type { RequestRecorder } from './activity.ts';
import { METRICS } from './metric-catalog.ts';
import type { Random } from './random.ts';

const CONTEXTS = ['weekly report', 'board deck', 'incident review', 'pricing model', 'ad hoc question'];

/**
 * Records the one to three metrics of the catalog that a report was made from, chosen by their
 * weights.
 */
export function recordMetricUsages(random: Random, recorder: RequestRecorder, usedBy: string): void {
  const count = random.integer(1, 3);
  const used = new Set<string>();
  for (let drawn = 0; drawn < count; drawn++) used.add(random.weighted(METRICS).metricId);
  for (const metricId of used) {
    recorder.add('metricUsages', { metricId, usedBy, context: random.pick(CONTEXTS) });
  }
}
