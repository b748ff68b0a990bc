import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { BarList } from '../../parts/bar-list.tsx';
import { linkTo } from '../../state/location.ts';
import { range } from '../../state/view.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

const SpendersQuery = graphql(`
  query TopSpenders($range: TimeRangeInput!) {
    models: llmCallAnalytics(range: $range) {
      groups(first: 5, orderBy: { field: COST, aggregate: SUM, direction: DESC }) {
        dimensions { model }
        stats { cost { sum } }
      }
    }
    users: llmCallAnalytics(range: $range, filter: { endUser: { ne: null } }) {
      groups(first: 5, orderBy: { field: COST, aggregate: SUM, direction: DESC }) {
        dimensions { endUser }
        stats { cost { sum } }
      }
    }
  }
`);

/** Which models and end users cost most. */
export function Spenders() {
  const variables = () => ({ range: range.value });
  const query = useQuery(SpendersQuery, variables, { everyMs: 60_000 });
  const shared = { query, document: SpendersQuery, variables: variables() };
  return (
    <>
      <QueryPanel
        {...shared}
        title="Cost by model"
        isEmpty={({ models }) => models.groups.length === 0}
        empty={{ text: 'No model calls in this range.' }}
      >
        {({ models }) => (
          <BarList
            unit="usd"
            items={models.groups.map(({ dimensions, stats }) => ({
              key: dimensions.model ?? '',
              label: dimensions.model ?? '',
              value: stats.cost.sum ?? null,
              href: linkTo('/models', { model: dimensions.model ?? '' }),
            }))}
          />
        )}
      </QueryPanel>
      <QueryPanel
        {...shared}
        title="Cost by end user"
        isEmpty={({ users }) => users.groups.length === 0}
        empty={{ text: 'No call names its end user (`endUser`) in this range.' }}
      >
        {({ users }) => (
          <BarList
            unit="usd"
            items={users.groups.map(({ dimensions, stats }) => ({
              key: dimensions.endUser ?? '',
              label: dimensions.endUser ?? '',
              value: stats.cost.sum ?? null,
              href: linkTo('/users', { user: dimensions.endUser ?? '' }),
            }))}
          />
        )}
      </QueryPanel>
    </>
  );
}
