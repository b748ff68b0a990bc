import type { DatasetName } from '../../generated/graphql.ts';
import { typesOf } from './datasets.ts';

/**
 * Documents that exist per dataset, because fields and types differ by dataset. The build generates
 * them from schema.graphql, validates them, and gives them their ids (web/documents.ts).
 */

/** The most events that a live tail shows. */
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

/** The distribution of a measure's values over time. */
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
