import type { DatasetName } from '../../generated/graphql.ts';
import { typesOf } from './datasets.ts';

/**
 * The documents that each dataset has for itself, because its fields and types have names of their own. The
 * build makes them of schema.graphql, checks them by it, and gives them their ids (web/documents.ts).
 */

/** How many events a live tail shows at most. */
export const KEPT = 300;

/** The list of what was recorded, the newest first. */
export const recordedSince = (dataset: DatasetName, columns: readonly string[]): string =>
  `query LiveTailGap($filter: ${typesOf(dataset).event}Filter!) {
  events: ${dataset}(first: ${KEPT}, filter: $filter, orderBy: { field: RECEIVED_AT, direction: DESC }) {
    nodes { ${fieldsOf(columns)} }
  }
}`;

/** The subscription to what is recorded from now on. */
export const recordedNow = (dataset: DatasetName, columns: readonly string[]): string =>
  `subscription LiveTail($filter: ${typesOf(dataset).event}Filter) {
  event: ${typesOf(dataset).recorded}(filter: $filter) { ${fieldsOf(columns)} }
}`;

const fieldsOf = (columns: readonly string[]) => ['id', 'timestamp', 'receivedAt', ...columns].join(' ');

/** How the values of a measure spread over time. */
export function heatmapOf(dataset: DatasetName): string {
  const { event, analytics, measure } = typesOf(dataset);
  return `query HeatmapOfValues($range: TimeRangeInput!, $zone: TimeZone!, $measure: ${measure}!, $filter: ${event}Filter) {
  analytics: ${analytics}(range: $range, filter: $filter) {
    heatmap(measure: $measure, scale: LOG, buckets: 24, timeZone: $zone) {
      buckets { to }
      points { start counts }
    }
  }
}`;
}
