import type { Query } from '../../data/use-query.ts';
import type { CreateAlertRuleInput, PreviewRuleQuery } from '../../generated/graphql.ts';
import { toShortDuration } from '../shared/durations.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { numberInWords, unitOf } from '../shared/rule-words.ts';
import { type ChartData, tableOf } from '../shared/series.ts';
import { RulePlot } from './rule-plot.tsx';

type Measured = PreviewRuleQuery['previewAlertRule']['measured'];

interface MeasuredPanelProps {
  readonly rule: CreateAlertRuleInput;
  readonly query: Query<PreviewRuleQuery>;
}

/** The number that a rule measures, its thresholds, and when an alert would have been open. */
export function MeasuredPanel({ rule, query }: MeasuredPanelProps) {
  const preview = query.data?.previewAlertRule;
  const drawn = preview && chartOf(preview.measured, rule);
  const title = titleOf(rule);
  const groups = rule.groupBy?.length ? `, by ${rule.groupBy.join(', ')}` : '';
  return (
    <QueryPanel
      title="What it measures"
      subtitle={`${title}, over ${toShortDuration(rule.window)} each${groups}`}
      query={query}
      isEmpty={() => drawn === undefined || drawn.series.length === 0}
      empty={{ text: 'No matching events in this range.' }}
      table={drawn && tableOf(drawn, unitOf(rule))}
    >
      {({ previewAlertRule: { firings } }) =>
        drawn && <RulePlot title={title} drawn={drawn} rule={rule} firings={firings} />
      }
    </QueryPanel>
  );
}

/** For a burn rate, the server compares the lower value of two windows. */
const titleOf = (rule: CreateAlertRuleInput): string =>
  rule.aggregate === 'BURN_RATE'
    ? `The burn rate of ${rule.sloId}, in the window or in its last twelfth, whichever is lower`
    : `${rule.dataset}: ${numberInWords({ ...rule, dataset: rule.dataset ?? '' })}`;

function chartOf({ times, groups }: Measured, rule: CreateAlertRuleInput): ChartData {
  return {
    times: times.map((time) => Date.parse(time)),
    series: groups.map(({ labels, values }) => {
      const label = labelOf(labels, rule.groupBy ?? []);
      return { key: label, label, values };
    }),
  };
}

const labelOf = (labels: unknown, groupBy: readonly string[]): string =>
  groupBy.map((name) => String((labels as Record<string, unknown>)[name] ?? 'none')).join(', ') || 'measured';
