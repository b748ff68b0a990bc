import type { Unit } from '../../format/value.ts';

/**
 * The unit of a number, by its name as in `timeseries` and `table`: "cost", "latencyMs.p95",
 * "endUser.distinct".
 */
export function unitOf(measure: string): Unit {
  const [name = '', aggregate = ''] = measure.split('.');
  if (['count', 'distinct'].includes(aggregate) || /^(count|.*Count)$/.test(name)) return 'count';
  if (/cost$/i.test(name)) return 'usd';
  if (/Ms$/.test(name)) return 'ms';
  if (/Seconds$/.test(name)) return 'seconds';
  if (/(rate|Rate|score|Score)$/.test(name)) return 'ratio';
  if (/tokens$/i.test(name)) return 'tokens';
  if (/(bytes|Bytes)$/.test(name)) return 'bytes';
  return 'number';
}
