import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { useLiveRefresh } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import type { RuleListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { LinkButton } from '../../parts/button.tsx';
import type { Column } from '../../parts/column.ts';
import { IconButton } from '../../parts/icon-button.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Time } from '../../parts/time.tsx';
import { notify } from '../../parts/toast.tsx';
import { Toggle } from '../../parts/toggle.tsx';
import { linkTo, linkToOne } from '../../state/location.ts';
import { useOpened } from '../../state/use-open.ts';
import { zone } from '../../state/view.ts';
import { cellColumn, textColumn } from '../shared/columns.tsx';
import { ConfirmDialog } from '../shared/confirm-dialog.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { conditionInWords, labelsInWords } from '../shared/rule-words.ts';
import { TablePanel } from '../shared/table-panel.tsx';

const RuleList = graphql(`
  query RuleList($first: Int, $after: String, $last: Int, $before: String) {
    alertRules(first: $first, after: $after, last: $last, before: $before) {
      nodes {
        id ruleId name enabled dataset groupBy aggregate measure quantile window comparator warning critical
        problem
        states(first: 20) { labels level since }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

const RuleFired = graphql(`
  subscription RuleFired {
    alertChanged { id }
  }
`);

const Enable = graphql(`
  mutation EnableRule($input: EnableAlertRuleInput!) {
    enableAlertRule(input: $input) { rule { id enabled } }
  }
`);

const Delete = graphql(`
  mutation DeleteRule($input: DeleteAlertRuleInput!) {
    deleteAlertRule(input: $input) { rule { id } }
  }
`);

type Rule = RuleListQuery['alertRules']['nodes'][number];

/** What the server watches, and what each rule finds now. */
export function Page() {
  const query = useQuery(RuleList, pageArguments, { everyMs: 15_000 });
  useLiveRefresh(query, RuleFired, () => ({}));
  const doomed = useOpened<Rule>();
  return (
    <>
      <PageHead
        title="Alert rules"
        subtitle={
          <>
            What the server watches by itself · <a href={linkTo('/alerts')}>Alerts</a>
          </>
        }
        actions={
          <LinkButton kind="primary" icon="plus" href={linkTo('/rules/new')}>
            New rule
          </LinkButton>
        }
      />
      <TablePanel
        title="Rules"
        query={query}
        empty={{
          title: 'No rules',
          text: 'Nothing is watched yet. A new rule can be tried on history first.',
        }}
        rowsOf={({ alertRules }) => alertRules.nodes}
        pageInfoOf={({ alertRules }) => alertRules.pageInfo}
        keyOf={({ id }) => id}
        hrefOf={({ ruleId }) => linkToOne('/rules', ruleId)}
        columns={columnsOf(query.refresh, doomed.open)}
      />
      <ConfirmDialog
        title="Delete the rule?"
        action="Delete"
        document={Delete}
        variables={doomed.what && { input: { ruleId: doomed.what.ruleId } }}
        done="The rule is deleted."
        onClose={doomed.close}
        onDone={query.refresh}
      >
        “{doomed.what?.name}” watches no more. Its open alerts are resolved; the alerts that it raised stay.
      </ConfirmDialog>
    </>
  );
}

const columnsOf = (onChanged: () => void, onDelete: (rule: Rule) => void): readonly Column<Rule>[] => [
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
    { width: '44px' },
  ),
];

const LEVEL_TONES = { CRITICAL: 'bad', WARNING: 'warn', PENDING: 'info', OK: 'good' } as const;

/** The worst that the last evaluation found, and in how many groups. */
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
      {error !== null && <Badge tone="bad">refused</Badge>}
    </span>
  );
}
