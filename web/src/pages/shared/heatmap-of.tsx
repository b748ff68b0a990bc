import type { Document } from '../../data/ask.ts';
import { useQuery } from '../../data/use-query.ts';
import { Heatmap } from '../../parts/heatmap.tsx';
import { range, zone } from '../../state/view.ts';
import { useDatasets } from './dataset-fields.ts';
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

/**
 * The question for a dataset that is known only now: each has a field and types of its own, so the
 * text is put together from their names.
 */
function documentOf(prefix: string) {
  const field = `${prefix.charAt(0).toLowerCase()}${prefix.slice(1)}Analytics`;
  return `
    query HeatmapOfValues($range: TimeRangeInput!, $zone: TimeZone!, $measure: ${prefix}Measure!, $filter: ${prefix}Filter) {
      analytics: ${field}(range: $range, filter: $filter) {
        heatmap(measure: $measure, scale: LOG, buckets: 24, timeZone: $zone) {
          buckets { to }
          points { start counts }
        }
      }
    }
  ` as unknown as Document<Answer, Record<string, unknown>>;
}

export interface HeatmapOfProps {
  readonly dataset: string;
  /** By its name, such as latencyMs. */
  readonly measure: string;
  /** As the API takes it. Null: all events. */
  readonly filter: unknown;
  readonly title?: string;
}

/** How the values of a measure spread over time. */
export function HeatmapOf(props: HeatmapOfProps) {
  const prefix = useDatasets().find(({ name }) => name === props.dataset)?.prefix;
  return prefix === undefined ? null : <Spread {...props} prefix={prefix} />;
}

function Spread({
  prefix,
  measure,
  filter,
  title = `How ${measure} spreads over time`,
}: HeatmapOfProps & { prefix: string }) {
  const document = documentOf(prefix);
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
