import { documentOf } from '../../data/document.ts';
import { useQuery } from '../../data/use-query.ts';
import type { DatasetName } from '../../generated/graphql.ts';
import { Heatmap } from '../../parts/heatmap.tsx';
import { range, zone } from '../../state/view.ts';
import { heatmapOf } from './dataset-documents.ts';
import { datasetOfSchema } from './dataset-of-schema.ts';
import { unitOf } from './measure-unit.ts';
import { QueryPanel } from './query-panel.tsx';

interface Answer {
  readonly analytics: {
    readonly heatmap: {
      readonly buckets: readonly { readonly to: number }[];
      readonly points: readonly { readonly start: string; readonly counts: readonly number[] }[];
    };
  };
}

export interface HeatmapOfProps {
  readonly dataset: DatasetName;
  /** The name of the measure, such as latencyMs. */
  readonly measure: string;
  /** In the form of the API. Null for all events. */
  readonly filter: unknown;
  readonly title?: string;
}

/** The distribution of a measure's values over time. */
export function HeatmapOf({
  dataset,
  measure,
  filter,
  title = `Distribution of ${measure} over time`,
}: HeatmapOfProps) {
  const document = documentOf<Answer, Record<string, unknown>>(
    heatmapOf(dataset),
    datasetOfSchema(dataset).ids.heatmap,
  );
  const variables = () => ({
    range: range.value,
    zone: zone.value,
    measure: measure.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
    filter,
  });
  const query = useQuery(document, variables, { everyMs: 60_000 });
  return (
    <QueryPanel
      title={title}
      query={query}
      isEmpty={({ analytics }) => analytics.heatmap.buckets.length === 0}
      empty={{ text: 'No event in this range has this value.' }}
    >
      {({ analytics: { heatmap } }) => (
        <Heatmap
          title={title}
          times={heatmap.points.map(({ start }) => Date.parse(start))}
          bounds={heatmap.buckets.map(({ to }) => to)}
          counts={heatmap.points.map(({ counts }) => counts)}
          unit={unitOf(measure)}
          zone={zone.value}
        />
      )}
    </QueryPanel>
  );
}
