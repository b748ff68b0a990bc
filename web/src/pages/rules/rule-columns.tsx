import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { formatValue } from '../../format/value.ts';
import type { RuleListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { IconButton } from '../../parts/icon-button.tsx';
import { Time } from '../../parts/time.tsx';
import { notify } from '../../parts/toast.tsx';
import { Toggle } from '../../parts/toggle.tsx';
import { zone } from '../../state/view.ts';
import { cellColumn, textColumn } from '../shared/columns.tsx';
import { conditionInWords, groupsInWords, labelsInWords, unitOf } from '../shared/rule-words.ts';

const Enable = graphql(`
  mutation EnableRule($input: EnableAlertRuleInput!) {
    enableAlertRule(input: $input) { rule { id enabled } }
  }
`);

export type Rule = RuleListQuery['alertRules']['nodes'][number];

export const columnsOf = (onChanged: () => void, onDelete: (rule: Rule) => void): readonly Column<Rule>[] => [
  textColumn('name', 'Rule', ({ name }) => name, { width: '26%', wrap: true }),
  cellColumn('state', 'Now', (rule) => <RuleState {...rule} />),
  textColumn('condition', 'Raises an alert when', (rule) => conditionInWords(rule), {
    width: '46%',
    wrap: true,
    hideBelow: 'narrow',
  }),
  textColumn('groups', 'For each', ({ groupBy }) => groupBy.join(', '), {
    hideBelow: 'medium',
  }),
  cellColumn('evaluated', 'Measured', (rule) => <LastEvaluation rule={rule} />, { hideBelow: 'narrow' }),
  cellColumn('enabled', 'Evaluated', (rule) => <EnableToggle rule={rule} onChanged={onChanged} />, {
    width: '64px',
  }),
  cellColumn(
    'delete',
    '',
    (rule) => (
      <IconButton label={`Delete the rule ${rule.name}`} icon="trash" onClick={() => onDelete(rule)} />
    ),
    { width: '56px' },
  ),
];

const LEVEL_TONES = { CRITICAL: 'bad', WARNING: 'warn', PENDING: 'info', OK: 'good' } as const;

/** The number that was measured last, and when: that of the worst group. */
function LastEvaluation({ rule }: { rule: Rule }) {
  if (!rule.evaluatedAt) return <span class="muted">{rule.enabled ? 'not yet' : '–'}</span>;
  const { evaluatedGroups } = rule;
  return (
    <span title={evaluatedGroups === null ? undefined : groupsInWords(evaluatedGroups)}>
      {formatValue(rule.evaluatedValue, unitOf(rule))}{' '}
      <span class="muted">
        <Time at={rule.evaluatedAt} zone={zone.value} />
      </span>
    </span>
  );
}

/** The worst finding of the last evaluation, and the number of groups with it. */
function RuleState({ enabled, failure, states }: Pick<Rule, 'enabled' | 'failure' | 'states'>) {
  if (!enabled) return <Badge>off</Badge>;
  if (failure !== null) {
    return (
      <Badge tone="bad" title={failure}>
        cannot be evaluated
      </Badge>
    );
  }
  const [worst] = states;
  if (worst === undefined || worst.level === 'OK') return <Badge tone="good">ok</Badge>;
  const count = states.filter(({ level }) => level === worst.level).length;
  return (
    <>
      <Badge tone={LEVEL_TONES[worst.level]} title={labelsInWords(worst.labels)}>
        {worst.level.toLowerCase()}
        {count > 1 ? ` × ${count}` : ''}
      </Badge>{' '}
      {worst.since && (
        <span class="hide-below-narrow">
          <Time at={worst.since} zone={zone.value} />
        </span>
      )}
    </>
  );
}

function EnableToggle({ rule: { ruleId, enabled, name }, onChanged }: { rule: Rule; onChanged: () => void }) {
  const { run, isBusy, error } = useAction(Enable);
  async function change(wanted: boolean) {
    const done = await run({ input: { ruleId, enabled: wanted } });
    if (done !== null) notify(`“${name}” is ${wanted ? 'evaluated' : 'off'}.`, 'good');
    onChanged();
  }
  return (
    <span title={error?.message}>
      <Toggle label={enabled ? 'on' : 'off'} checked={enabled} disabled={isBusy} onChange={change} />
      {error !== null && <Badge tone="bad">rejected</Badge>}
    </span>
  );
}
