import type { ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AskError } from '../../data/ask.ts';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import type { CreateAlertRuleInput, PreviewRuleQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Grid } from '../../parts/grid.tsx';
import { Stat } from '../../parts/stat.tsx';
import { Time } from '../../parts/time.tsx';
import { bounds, range, zone } from '../../state/view.ts';
import { toShortDuration } from '../shared/durations.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { labelsInWords, unitOf } from '../shared/rule-words.ts';
import { SEVERITY_TONES } from '../shared/tones.ts';
import { BurnChart } from './burn-chart.tsx';
import { measuredQuestion } from './measured.ts';
import { MeasuredChart } from './measured-chart.tsx';
import type { Firing } from './rule-plot.tsx';

const PreviewRule = graphql(`
  query PreviewRule($input: PreviewAlertRuleInput!, $range: TimeRangeInput!) {
    previewAlertRule(input: $input, range: $range) {
      range { from to }
      step evaluations groups groupsLeftOut firingCount firingShare firingTime
      firings(first: 200) { labels severity firedAt resolvedAt duration value worst threshold resolution }
    }
  }
`);

type Previewed = PreviewRuleQuery['previewAlertRule'];

interface PreviewProps {
  /** The rule of the form, once it can be sent. */
  readonly rule: ReadonlySignal<CreateAlertRuleInput | null>;
  /** Why the server cannot try it; null if it can. */
  readonly onRefused: (error: AskError | null) => void;
}

/** The id and the name do not change what a rule finds. */
function previewInput(rule: CreateAlertRuleInput) {
  const { ruleId: _ruleId, name: _name, ...asked } = rule;
  return asked;
}

/** What a rule would have raised in the range of the page. */
export function Preview({ rule, onRefused }: PreviewProps) {
  const variables = () =>
    rule.value === null ? null : { input: previewInput(rule.value), range: range.value };
  const query = useQuery(PreviewRule, variables);
  useEffect(() => onRefused(query.error), [query.error]);
  const preview = query.data?.previewAlertRule;
  const shown = rule.value;
  if (shown === null) return null;
  const unit = unitOf(shown);
  const { from, to } = bounds.value;
  const question = measuredQuestion(shown, to - from);
  return (
    <>
      <Numbers preview={preview} />
      {question && (
        <MeasuredChart
          key={String(question.document) + question.grain + JSON.stringify(shown)}
          rule={shown}
          question={question}
          firings={preview?.firings ?? []}
        />
      )}
      {shown.aggregate === 'BURN_RATE' && shown.sloId && (
        <BurnChart key={JSON.stringify(shown)} rule={shown} firings={preview?.firings ?? []} />
      )}
      <QueryPanel
        title="Alerts that it would have raised"
        subtitle={preview && subtitleOf(preview)}
        query={query}
        document={PreviewRule}
        variables={{ input: previewInput(shown), range: range.value }}
        isEmpty={({ previewAlertRule }) => previewAlertRule.firings.length === 0}
        empty={{ title: 'None', text: 'In this range, the rule would have raised no alert.' }}
        flush
      >
        {({ previewAlertRule }) => <FiringTable firings={previewAlertRule.firings} unit={unit} />}
      </QueryPanel>
    </>
  );
}

function Numbers({ preview }: { preview: Previewed | undefined }) {
  return (
    <Grid min={130} gap="tight">
      <Stat title="Alerts" value={preview?.firingCount} unit="count" />
      <Stat
        title="Time alerting"
        value={preview?.firingShare}
        unit="ratio"
        hint={preview && `${toShortDuration(preview.firingTime)} in all`}
      />
      <Stat title="Evaluations" value={preview?.evaluations} unit="count" />
      <Stat title="Groups" value={preview?.groups} unit="count" />
    </Grid>
  );
}

function subtitleOf({ step, firingTime, groupsLeftOut, firings, firingCount }: Previewed): string {
  return [
    `Evaluated every ${toShortDuration(step)}; an alert was open for ${toShortDuration(firingTime)}.`,
    groupsLeftOut ? 'There are more groups: those with the most events were evaluated.' : '',
    firings.length < firingCount ? `The first ${firings.length} of ${firingCount} are shown.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function FiringTable({ firings, unit }: { firings: readonly Firing[]; unit: ReturnType<typeof unitOf> }) {
  const value = (number: number | null | undefined) => formatValue(number, unit);
  return (
    <DataTable
      caption="Alerts that it would have raised"
      dense
      maxHeight={420}
      rows={firings}
      keyOf={({ firedAt, labels, severity }) => `${firedAt} ${severity} ${JSON.stringify(labels)}`}
      columns={[
        {
          key: 'at',
          title: 'Raised',
          cell: ({ firedAt }) => <Time at={firedAt} zone={zone.value} show="short" />,
        },
        {
          key: 'severity',
          title: 'Severity',
          cell: ({ severity }) => <Badge tone={SEVERITY_TONES[severity]}>{severity.toLowerCase()}</Badge>,
          width: '90px',
        },
        { key: 'labels', title: 'Of', value: ({ labels }) => labelsInWords(labels), hideBelow: 'narrow' },
        {
          key: 'duration',
          title: 'Open for',
          cell: ({ duration }) => toShortDuration(duration),
          align: 'right',
        },
        { key: 'value', title: 'Value', cell: (row) => value(row.value), align: 'right' },
        {
          key: 'worst',
          title: 'Worst',
          cell: (row) => value(row.worst),
          align: 'right',
          hideBelow: 'medium',
        },
        {
          key: 'end',
          title: 'Ended',
          value: ({ resolution }) => (resolution === null ? 'still open' : resolution.toLowerCase()),
          hideBelow: 'medium',
        },
      ]}
    />
  );
}
