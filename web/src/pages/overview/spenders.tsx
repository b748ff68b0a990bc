import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { linkTo } from '../../state/location.ts';
import { range } from '../../state/view.ts';
import { BarPanel } from '../shared/bar-panel.tsx';

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
  const query = useQuery(SpendersQuery, () => ({ range: range.value }), { everyMs: 60_000 });
  return (
    <>
      <BarPanel
        title="Cost by model"
        query={query}
        empty={{ text: 'No model calls in this range.' }}
        unit="usd"
        barsOf={({ models }) =>
          models.groups.map(({ dimensions: { model }, stats }) => ({
            name: model ?? '',
            value: stats.cost.sum ?? null,
            href: linkTo('/models', { model: model ?? '' }),
          }))
        }
      />
      <BarPanel
        title="Cost by end user"
        query={query}
        empty={{ text: 'No model calls in this range name their end user (`endUser`).' }}
        unit="usd"
        barsOf={({ users }) =>
          users.groups.map(({ dimensions: { endUser }, stats }) => ({
            name: endUser ?? '',
            value: stats.cost.sum ?? null,
            href: linkTo('/users', { user: endUser ?? '' }),
          }))
        }
      />
    </>
  );
}
