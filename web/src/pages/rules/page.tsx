import { graphql } from '../../data/graphql.ts';
import { useLiveRefresh } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import { LinkButton } from '../../parts/button.tsx';
import { useOpened } from '../../parts/dialog.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { linkTo, linkToOne } from '../../state/location.ts';
import { ConfirmDialog } from '../shared/confirm-dialog.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { columnsOf, type Rule } from './rule-columns.tsx';

const RuleList = graphql(`
  query RuleList($first: Int, $after: String, $last: Int, $before: String) {
    alertRules(first: $first, after: $after, last: $last, before: $before) {
      nodes {
        id ruleId name enabled dataset groupBy aggregate measure quantile window comparator warning critical
        evaluatedAt evaluatedGroups evaluatedValue failedAt failure
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

const Delete = graphql(`
  mutation DeleteRule($input: DeleteAlertRuleInput!) {
    deleteAlertRule(input: $input) { rule { id } }
  }
`);

/** What the server monitors, and what each rule currently finds. */
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
            What the server monitors · <a href={linkTo('/alerts')}>Alerts</a>
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
          text: 'Nothing is monitored yet. A new rule can be tried on historical data first.',
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
        “{doomed.what?.name}” stops monitoring. Its open alerts are resolved; past alerts stay.
      </ConfirmDialog>
    </>
  );
}
