import { useQuery } from '../../data/use-query.ts';
import type { CreateAlertRuleInput } from '../../generated/graphql.ts';
import { bounds, zone } from '../../state/view.ts';
import { toShortDuration } from '../shared/durations.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { numberInWords, unitOf } from '../shared/rule-words.ts';
import { tableOf } from '../shared/series.ts';
import type { MeasuredQuestion } from './measured.ts';
import { roll } from './roll.ts';
import { type Firing, RulePlot } from './rule-plot.tsx';

interface MeasuredChartProps {
  readonly rule: CreateAlertRuleInput;
  readonly question: MeasuredQuestion;
  readonly firings: readonly Firing[];
}

/** The number that a rule measures, its thresholds, and when an alert would have been open. */
export function MeasuredChart({ rule, question, firings }: MeasuredChartProps) {
  const variables = () => {
    const { from, to } = bounds.value;
    // The windows of the first instants reach back before the range.
    const early = new Date(from - question.windowMs).toISOString();
    return {
      range: { from: early, to: new Date(to).toISOString() },
      zone: zone.value,
      grain: question.grain,
      filter: rule.filter ?? null,
    };
  };
  const query = useQuery(question.document, variables);
  const unit = unitOf(rule);
  const { from } = bounds.value;
  const drawn = query.data && roll(query.data.analytics.series, rule, { question, from });
  const title = `${rule.dataset}: ${numberInWords({ ...rule, dataset: rule.dataset ?? '' })}`;
  const groups = (rule.groupBy ?? []).join(', ');
  return (
    <QueryPanel
      title="What it measures"
      subtitle={`${title}, over ${toShortDuration(rule.window)} each${groups === '' ? '' : `, by ${groups}`}`}
      query={query}
      isEmpty={() => drawn === undefined || drawn.series.length === 0}
      empty={{ text: 'No event in this range matches.' }}
      table={drawn && tableOf(drawn, unit)}
    >
      {() => drawn && <RulePlot title={title} drawn={drawn} rule={rule} firings={firings} />}
    </QueryPanel>
  );
}
