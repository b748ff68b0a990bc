import { formatValue } from '../../format/value.ts';
import type { OneAlertQuery } from '../../generated/graphql.ts';
import { Time } from '../../parts/time.tsx';
import { Tree } from '../../parts/tree.tsx';
import { linkToOne } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { type Fact, Facts } from '../shared/facts.tsx';
import { conditionInWords, unitOf } from '../shared/rule-words.ts';
import { inWords } from '../shared/words.ts';

type Alert = NonNullable<OneAlertQuery['alert']>;

export function AlertFacts({ alert }: { alert: Alert }) {
  const unit = alert.rule ? unitOf(alert.rule) : 'number';
  const time = (at: string | null) => at && <Time at={at} zone={zone.value} show="long" />;
  const labels = Object.entries((alert.labels ?? {}) as Record<string, unknown>);
  const facts: Fact[] = [
    ['Message', alert.message],
    ['Value', alert.value === null ? 'nothing to measure' : formatValue(alert.value, unit, 'long')],
    ['Threshold', alert.threshold === null ? null : formatValue(alert.threshold, unit, 'long')],
    ...labels.map(([name, value]): Fact => [name, String(value ?? 'none')]),
    ['Raised', time(alert.raisedAt)],
    [
      'Acknowledged',
      alert.acknowledgedAt && (
        <>
          {time(alert.acknowledgedAt)} by {alert.acknowledgedBy}
        </>
      ),
    ],
    ['Resolved', alert.resolvedAt && <Resolved alert={alert} />],
    ['Rule', alert.rule && <RuleOf rule={alert.rule} />],
    ['Raised by', alert.rule ? null : alert.source],
    ['Further details', alert.metadata == null ? null : <Tree value={alert.metadata} />],
    ['Id', <code key="id">{alert.alertId}</code>],
  ];
  return <Facts facts={facts} />;
}

function Resolved({ alert: { resolvedAt, resolvedBy, resolution } }: { alert: Alert }) {
  return (
    <>
      <Time at={resolvedAt} zone={zone.value} show="long" /> {resolvedBy ? `by ${resolvedBy}` : ''}{' '}
      {resolution && `(${inWords(resolution)})`}
    </>
  );
}

function RuleOf({ rule }: { rule: NonNullable<Alert['rule']> }) {
  return (
    <>
      <a href={linkToOne('/rules', rule.ruleId)}>{rule.name}</a>
      {'\n'}
      <span class="muted">{conditionInWords(rule)}</span>
    </>
  );
}
