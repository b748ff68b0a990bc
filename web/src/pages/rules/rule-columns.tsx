import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import type { RuleListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { IconButton } from '../../parts/icon-button.tsx';
import { Time } from '../../parts/time.tsx';
import { notify } from '../../parts/toast.tsx';
import { Toggle } from '../../parts/toggle.tsx';
import { zone } from '../../state/view.ts';
import { cellColumn, textColumn } from '../shared/columns.tsx';
import { conditionInWords, labelsInWords } from '../shared/rule-words.ts';

const Enable = graphql(`
  mutation EnableRule($input: EnableAlertRuleInput!) {
    enableAlertRule(input: $input) { rule { id enabled } }
  }
`);

export type Rule = RuleListQuery['alertRules']['nodes'][number];

export const columnsOf = (onChanged: () => void, onDelete: (rule: Rule) => void): readonly Column<Rule>[] => [
  textColumn('name', 'Rule', ({ name }) => name, { width: '26%' }),
  cellColumn('state', 'Now', (rule) => <RuleState {...rule} />, { width: '150px' }),
  textColumn('condition', 'Raises an alert when', (rule) => conditionInWords(rule), {
    hideBelow: 'narrow',
  }),
  textColumn('groups', 'For each', ({ groupBy }) => groupBy.join(', '), {
    width: '110px',
    hideBelow: 'medium',
  }),
  cellColumn('enabled', 'Evaluated', (rule) => <EnableToggle rule={rule} onChanged={onChanged} />, {
    width: '110px',
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

/** The worst finding of the last evaluation, and the number of groups with it. */
function RuleState({ enabled, problem, states }: Pick<Rule, 'enabled' | 'problem' | 'states'>) {
  if (!enabled) return <Badge>off</Badge>;
  if (problem !== null) {
    return (
      <Badge tone="bad" title={problem}>
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
      {worst.since && <Time at={worst.since} zone={zone.value} />}
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
