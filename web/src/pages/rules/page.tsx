import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { useLive } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import type { RuleListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { LinkButton } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { IconButton } from '../../parts/icon-button.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Time } from '../../parts/time.tsx';
import { notify } from '../../parts/toast.tsx';
import { Toggle } from '../../parts/toggle.tsx';
import { linkTo } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { ConfirmDialog } from '../shared/confirm-dialog.tsx';
import { ListPager, pageArguments } from '../shared/cursors.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';
import { conditionInWords, labelsInWords } from '../shared/rule-words.ts';

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
  useLive(RuleFired, () => ({}), { onEvent: query.refreshSoon, onResumed: query.refreshSoon });
  const doomed = useSignal<Rule | null>(null);
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
      <QueryPanel
        title="Rules"
        query={query}
        document={RuleList}
        variables={pageArguments()}
        isEmpty={({ alertRules }) => alertRules.nodes.length === 0}
        empty={{
          title: 'No rules',
          text: 'Nothing is watched yet. A new rule can be tried on history first.',
        }}
        footer={query.data && <ListPager pageInfo={query.data.alertRules.pageInfo} />}
        flush
      >
        {({ alertRules }) => (
          <RuleTable
            rules={alertRules.nodes}
            onChanged={query.refresh}
            onDelete={(rule) => {
              doomed.value = rule;
            }}
          />
        )}
      </QueryPanel>
      <ConfirmDialog
        title="Delete the rule?"
        action="Delete"
        document={Delete}
        variables={doomed.value && { input: { ruleId: doomed.value.ruleId } }}
        done="The rule is deleted."
        onClose={() => {
          doomed.value = null;
        }}
        onDone={query.refresh}
      >
        “{doomed.value?.name}” watches no more. Its open alerts are resolved; the alerts that it raised stay.
      </ConfirmDialog>
    </>
  );
}

interface RuleTableProps {
  readonly rules: readonly Rule[];
  readonly onChanged: () => void;
  readonly onDelete: (rule: Rule) => void;
}

function RuleTable({ rules, onChanged, onDelete }: RuleTableProps) {
  return (
    <DataTable
      caption="Rules"
      rows={rules}
      keyOf={({ id }) => id}
      hrefOf={({ ruleId }) => linkTo(`/rules/${encodeURIComponent(ruleId)}`)}
      columns={[
        { key: 'name', title: 'Rule', value: ({ name }) => name, width: '26%' },
        { key: 'state', title: 'Now', cell: (rule) => <RuleState {...rule} />, width: '150px' },
        {
          key: 'condition',
          title: 'Raises an alert when',
          value: (rule) => conditionInWords(rule),
          hideBelow: 'narrow',
        },
        {
          key: 'groups',
          title: 'For each',
          value: ({ groupBy }) => groupBy.join(', '),
          width: '110px',
          hideBelow: 'medium',
        },
        {
          key: 'enabled',
          title: 'Evaluated',
          cell: (rule) => <EnableToggle rule={rule} onChanged={onChanged} />,
          width: '110px',
        },
        {
          key: 'delete',
          title: '',
          cell: (rule) => (
            <IconButton label={`Delete the rule ${rule.name}`} icon="trash" onClick={() => onDelete(rule)} />
          ),
          width: '44px',
        },
      ]}
    />
  );
}

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
