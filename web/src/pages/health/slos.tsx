import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import type { SloListQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { linkToOne, param, setParams } from '../../state/location.ts';
import { cellColumn, numberColumn, textColumn } from '../shared/columns.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { toShortDuration } from '../shared/durations.ts';
import { TablePanel } from '../shared/table-panel.tsx';
import { SloCharts } from './slo-charts.tsx';

const SloList = graphql(`
  query SloList($first: Int, $after: String, $last: Int, $before: String) {
    slos(first: $first, after: $after, last: $last, before: $before) {
      nodes {
        id sloId name description dataset objective window
        status {
          events bad compliance allowedBad budgetRemaining
          lastHour: burnRate(over: "PT1H")
          lastDay: burnRate(over: "P1D")
        }
        alertRules(first: 5) { nodes { ruleId name } }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

type Slo = SloListQuery['slos']['nodes'][number];

/** Each SLO reads its whole window, several times. */
const variables = () => pageArguments(20);

/** The objectives, what remains of their error budgets, and how fast they burn. */
export function Slos() {
  const query = useQuery(SloList, variables, { everyMs: 60_000 });
  // A server without objectives shows nothing here.
  if (query.data?.slos.nodes.length === 0) return null;
  const selected = param('slo').value;
  return (
    <>
      <TablePanel
        title="Service level objectives"
        subtitle="Over the window of each objective, up to now"
        query={query}
        empty={{ title: 'No objectives', text: 'Create one with the mutation createSlo.' }}
        rowsOf={({ slos }) => slos.nodes}
        pageInfoOf={({ slos }) => slos.pageInfo}
        keyOf={({ id }) => id}
        onOpen={({ sloId }) => setParams({ slo: param('slo').value === sloId ? null : sloId })}
        columns={COLUMNS}
      />
      {selected !== null && <SloCharts key={selected} sloId={selected} />}
    </>
  );
}

const COLUMNS: readonly Column<Slo>[] = [
  textColumn('name', 'Objective', ({ name }) => name, { width: '28%' }),
  cellColumn(
    'objective',
    'Good events',
    ({ status, objective }) =>
      `${formatValue(status.compliance, 'ratio')} of ${formatValue(objective, 'ratio')}`,
    { align: 'right' },
  ),
  cellColumn('window', 'Window', ({ window }) => toShortDuration(window), {
    align: 'right',
    hideBelow: 'narrow',
  }),
  numberColumn('bad', 'Bad events', 'count', ({ status }) => status.bad, { hideBelow: 'medium' }),
  cellColumn('budget', 'Budget left', ({ status }) => <Budget left={status.budgetRemaining} />, {
    align: 'right',
  }),
  cellColumn('hour', 'Burn, 1h', ({ status }) => burn(status.lastHour), {
    align: 'right',
    hideBelow: 'narrow',
  }),
  cellColumn('day', 'Burn, 1d', ({ status }) => burn(status.lastDay), {
    align: 'right',
    hideBelow: 'medium',
  }),
  cellColumn('rules', 'Rules', (slo) => <Rules {...slo} />, { width: '18%', hideBelow: 'medium' }),
];

/** At 1, the budget lasts exactly for the window. */
const burn = (rate: number | null) =>
  rate === null ? formatValue(null, 'number') : `${formatValue(rate, 'number')}×`;

function Budget({ left }: { left: number | null }) {
  const tone = (left ?? 1) <= 0 ? 'bad' : (left ?? 1) < 0.25 ? 'warn' : 'good';
  const share = Math.min(Math.max(left ?? 0, 0), 1);
  return (
    <>
      <span class={`health-budget tone-${tone}`} aria-hidden="true">
        <span style={{ width: `${share * 100}%` }} />
      </span>{' '}
      {formatValue(left, 'ratio')}
    </>
  );
}

function Rules({ alertRules }: Pick<Slo, 'alertRules'>) {
  return (
    <>
      {alertRules.nodes.map(({ ruleId, name }) => (
        <a key={ruleId} href={linkToOne('/rules', ruleId)}>
          {name}
        </a>
      ))}
    </>
  );
}
