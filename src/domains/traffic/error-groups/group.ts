import type { Occurrence } from '../../../analytics/spec.ts';
import { optionalTextOf, textOf } from '../../../core/dataset/named-values.ts';
import { columnOf } from '../../../core/dataset/table.ts';
import { defined } from '../../../core/defined.ts';
import type { Interval } from '../../../core/time/range.ts';
import { errorLogs } from '../../../declarations/traffic/error-logs.ts';

/** The dimensions of the groups, read by one question: one set of rollups has all of them. */
export const GROUP_DIMENSIONS = ['fingerprint', 'errorType', 'severity', 'service'] as const;

/** The occurrences of one problem. */
export interface ErrorGroup {
  readonly fingerprint: string;
  readonly errorType: string;
  /** The worst severity of its errors. */
  readonly severity: string;
  /** The services of its errors, most occurrences first. */
  readonly services: readonly string[];
  readonly count: number;
  /**
   * The interval that contains the first error; one millisecond long if its time is known exactly.
   */
  readonly first: Interval;
  readonly last: Interval;
  /** The newest error; null if its row is not kept or was not requested. */
  readonly sampleId: string | null;
}

/** Mildest first, as declared. */
const SEVERITIES = Object.keys(columnOf(errorLogs, 'severity').values ?? {});

/** Merges occurrences by fingerprint, severity and service into groups by fingerprint. */
export function groupByFingerprint(occurrences: readonly Occurrence[]): ErrorGroup[] {
  const parts = new Map<string, [Occurrence, ...Occurrence[]]>();
  for (const occurrence of occurrences) {
    const fingerprint = textOf(occurrence.dimensions, 'fingerprint');
    const known = parts.get(fingerprint);
    if (known === undefined) parts.set(fingerprint, [occurrence]);
    else known.push(occurrence);
  }
  return [...parts.values()].map(toGroup);
}

function toGroup(parts: readonly [Occurrence, ...Occurrence[]]): ErrorGroup {
  const [{ dimensions }] = parts;
  const severities = new Set(parts.map((part) => textOf(part.dimensions, 'severity')));
  return {
    fingerprint: textOf(dimensions, 'fingerprint'),
    // All errors of a fingerprint have the same type, because the fingerprint is computed from it.
    errorType: textOf(dimensions, 'errorType'),
    severity: defined(SEVERITIES.findLast((severity) => severities.has(severity))),
    services: servicesOf(parts),
    count: parts.reduce((sum, { rowCount }) => sum + rowCount, 0),
    first: parts.map(({ first }) => first).reduce((one, other) => (other.from < one.from ? other : one)),
    last: parts.map(({ last }) => last).reduce((one, other) => (other.from > one.from ? other : one)),
    sampleId: null,
  };
}

function servicesOf(parts: readonly Occurrence[]): string[] {
  const counts = new Map<string, number>();
  for (const { dimensions, rowCount } of parts) {
    const service = optionalTextOf(dimensions, 'service');
    if (service !== null) counts.set(service, (counts.get(service) ?? 0) + rowCount);
  }
  return [...counts]
    .sort(([one, left], [other, right]) => right - left || compareText(one, other))
    .map(([service]) => service);
}

export const compareText = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
