import type { ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AskError } from '../../data/ask.ts';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { Unit } from '../../format/value.ts';
import { formatValue } from '../../format/value.ts';
import type { CreateAlertRuleInput, PreviewRuleQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { Grid } from '../../parts/grid.tsx';
import { Stat } from '../../parts/stat.tsx';
import { Time } from '../../parts/time.tsx';
import { range, zone } from '../../state/view.ts';
import { cellColumn, textColumn } from '../shared/columns.tsx';
import { toShortDuration } from '../shared/durations.ts';
import { labelsInWords, unitOf } from '../shared/rule-words.ts';
import { TablePanel } from '../shared/table-panel.tsx';
import { SEVERITY_TONES } from '../shared/tones.ts';
import { MeasuredPanel } from './measured-panel.tsx';
import type { Firing } from './rule-plot.tsx';

const PreviewRule = graphql(`
  query PreviewRule($input: PreviewAlertRuleInput!, $range: TimeRangeInput!) {
    previewAlertRule(input: $input, range: $range) {
      range { from to }
      step evaluations groups groupsLeftOut firingCount firingShare firingTime
      measured { times groups { labels values } }
      firings(first: 1000) { labels severity firedAt resolvedAt duration value worst threshold resolution }
    }
  }
`);

type Previewed = PreviewRuleQuery['previewAlertRule'];

/** The chart also marks the times of further alerts. */
const LISTED = 200;

interface PreviewProps {
  /** The rule in the form, once it can be sent. */
  readonly rule: ReadonlySignal<CreateAlertRuleInput | null>;
  /** Why the server cannot try it; null if it can. */
  readonly onRefused: (error: AskError | null) => void;
}

/** The id and the name do not affect what a rule finds. */
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
  return (
    <>
      <Numbers preview={preview} />
      <MeasuredPanel rule={shown} query={query} />
      <TablePanel
        title="Alerts that this rule would have raised"
        subtitle={preview && subtitleOf(preview)}
        query={query}
        empty={{ title: 'No alerts', text: 'In this range, the rule would have raised no alert.' }}
        rowsOf={({ previewAlertRule }) => previewAlertRule.firings.slice(0, LISTED)}
        keyOf={({ firedAt, labels, severity }) => `${firedAt} ${severity} ${JSON.stringify(labels)}`}
        columns={columnsIn(unit)}
        dense
        maxHeight={420}
      />
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
        hint={preview && `${toShortDuration(preview.firingTime)} in total`}
      />
      <Stat title="Evaluations" value={preview?.evaluations} unit="count" />
      <Stat title="Groups" value={preview?.groups} unit="count" />
    </Grid>
  );
}

function subtitleOf({ step, firingTime, groupsLeftOut, firingCount }: Previewed): string {
  return [
    `Evaluated every ${toShortDuration(step)}; an alert was open for ${toShortDuration(firingTime)}.`,
    groupsLeftOut ? 'There are more groups. Only those with the most events were evaluated.' : '',
    LISTED < firingCount ? `The first ${LISTED} of ${formatValue(firingCount, 'count')} are listed.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

const columnsIn = (unit: Unit): readonly Column<Firing>[] => [
  cellColumn('at', 'Raised', ({ firedAt }) => <Time at={firedAt} zone={zone.value} show="short" />),
  cellColumn(
    'severity',
    'Severity',
    ({ severity }) => <Badge tone={SEVERITY_TONES[severity]}>{severity.toLowerCase()}</Badge>,
    { width: '90px' },
  ),
  textColumn('labels', 'Group', ({ labels }) => labelsInWords(labels), { hideBelow: 'narrow' }),
  cellColumn('duration', 'Open for', ({ duration }) => toShortDuration(duration), { align: 'right' }),
  cellColumn('value', 'Value', (row) => formatValue(row.value, unit, 'column'), { align: 'right' }),
  cellColumn('worst', 'Worst', (row) => formatValue(row.worst, unit, 'column'), {
    align: 'right',
    hideBelow: 'medium',
  }),
  textColumn(
    'end',
    'Ended',
    ({ resolution }) => (resolution === null ? 'still open' : resolution.toLowerCase()),
    { hideBelow: 'medium' },
  ),
];
