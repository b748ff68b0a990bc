import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { Tone } from '../../parts/tone.ts';
import { linkTo } from '../../state/location.ts';
import { bounds, range } from '../../state/view.ts';

export interface Marker {
  readonly time: number;
  readonly label: string;
  readonly tone: Tone;
  readonly href?: string;
}

const MarkersQuery = graphql(`
  query Markers($range: TimeRangeInput!, $from: DateTime!, $to: DateTime!) {
    requestLogAnalytics(range: $range) {
      commits(first: 200) { nodes { id timestamp shortHash message } }
    }
    agentActivities(
      first: 200
      filter: { timestamp: { gte: $from, lt: $to }, activityType: { in: ["deploy", "deployment", "release"] } }
    ) {
      nodes { id timestamp activityType message }
    }
    alerts(first: 200, filter: { raisedAt: { gte: $from, lt: $to } }) {
      nodes { id alertId title severity raisedAt }
    }
  }
`);

/** How many markers of a kind fit beside each other. */
const MARKERS_IN_A_ROW = 60;

/** Markers that would overlap become one, which counts them. */
function together(markers: readonly Marker[], apartMs: number): Marker[] {
  const slots = Map.groupBy(markers, ({ time }) => Math.floor(time / apartMs));
  return [...slots.values()].flatMap((some) => {
    const [first] = some;
    if (first === undefined || some.length === 1) return some;
    return [{ ...first, label: `${first.label} and ${some.length - 1} more` }];
  });
}

/**
 * What happened in the range: commits, deployments and alerts, as markers for every chart over
 * time.
 */
export function useMarkers(): readonly Marker[] {
  const { data } = useQuery(
    MarkersQuery,
    () => {
      const { from, to } = bounds.value;
      return { range: range.value, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    },
    { everyMs: 60_000 },
  );
  if (data === undefined) return [];
  const commits = data.requestLogAnalytics.commits.nodes.map(({ timestamp, shortHash, message }) => ({
    time: Date.parse(timestamp),
    label: `Commit ${shortHash ?? ''} ${message ?? ''}`.trim(),
    tone: 'neutral' as const,
  }));
  const deployments = data.agentActivities.nodes.map(({ timestamp, activityType, message }) => ({
    time: Date.parse(timestamp),
    label: `${activityType}: ${message ?? ''}`,
    tone: 'info' as const,
  }));
  const alerts = data.alerts.nodes.map(({ raisedAt, title, severity, alertId }) => ({
    time: Date.parse(raisedAt),
    label: `Alert: ${title}`,
    tone: severity === 'CRITICAL' ? ('bad' as const) : ('warn' as const),
    href: linkTo('/alerts', { alert: alertId }),
  }));
  const { from, to } = bounds.value;
  return [commits, deployments, alerts].flatMap((some) => together(some, (to - from) / MARKERS_IN_A_ROW));
}
