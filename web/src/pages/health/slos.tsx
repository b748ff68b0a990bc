import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import type { SloListQuery } from '../../generated/graphql.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Grid } from '../../parts/grid.tsx';
import { linkTo, param, setParams } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { ChartPanel } from '../shared/chart-panel.tsx';
import { ListPager, pageArguments } from '../shared/cursors.tsx';
import { toShortDuration } from '../shared/durations.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

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

const SloHistory = graphql(`
  query SloHistory($sloId: String!, $zone: TimeZone!) {
    slo(sloId: $sloId) {
      id
      status { series(timeZone: $zone) { start budgetRemaining burnRate } }
    }
  }
`);

type Slo = SloListQuery['slos']['nodes'][number];

/** Each reads its whole window, several times. */
const variables = () => pageArguments(20);

/** The objectives, what is left of their error budgets, and how fast they burn. */
export function Slos() {
  const query = useQuery(SloList, variables, { everyMs: 60_000 });
  // A server without objectives has nothing to say here.
  if (query.data?.slos.nodes.length === 0) return null;
  const selected = param('slo').value;
  return (
    <>
      <QueryPanel
        title="Service level objectives"
        subtitle="Over the window of each, which ends now"
        query={query}
        document={SloList}
        variables={variables()}
        footer={query.data && <ListPager pageInfo={query.data.slos.pageInfo} />}
        flush
      >
        {({ slos }) => <SloTable slos={slos.nodes} />}
      </QueryPanel>
      {selected !== null && <SloCharts key={selected} sloId={selected} />}
    </>
  );
}

function SloTable({ slos }: { slos: readonly Slo[] }) {
  return (
    <DataTable
      caption="Service level objectives"
      rows={slos}
      keyOf={({ id }) => id}
      onOpen={({ sloId }) => setParams({ slo: param('slo').value === sloId ? null : sloId })}
      columns={[
        { key: 'name', title: 'Objective', value: ({ name }) => name, width: '28%' },
        {
          key: 'objective',
          title: 'Good events',
          cell: ({ status, objective }) =>
            `${formatValue(status.compliance, 'ratio')} of ${formatValue(objective, 'ratio')}`,
          align: 'right',
        },
        {
          key: 'window',
          title: 'Window',
          cell: ({ window }) => toShortDuration(window),
          align: 'right',
          hideBelow: 'narrow',
        },
        {
          key: 'bad',
          title: 'Bad events',
          unit: 'count',
          value: ({ status }) => status.bad,
          hideBelow: 'medium',
        },
        {
          key: 'budget',
          title: 'Budget left',
          cell: ({ status }) => <Budget left={status.budgetRemaining} />,
          align: 'right',
        },
        {
          key: 'hour',
          title: 'Burn, 1h',
          cell: ({ status }) => burn(status.lastHour),
          align: 'right',
          hideBelow: 'narrow',
        },
        {
          key: 'day',
          title: 'Burn, 1d',
          cell: ({ status }) => burn(status.lastDay),
          align: 'right',
          hideBelow: 'medium',
        },
        {
          key: 'rules',
          title: 'Rules',
          cell: (slo) => <Rules {...slo} />,
          width: '18%',
          hideBelow: 'medium',
        },
      ]}
    />
  );
}

/** At 1, the budget lasts for exactly the window. */
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
        <a key={ruleId} href={linkTo(`/rules/${encodeURIComponent(ruleId)}`)}>
          {name}
        </a>
      ))}
    </>
  );
}

/** How the budget of one objective was used up, over its window. */
function SloCharts({ sloId }: { sloId: string }) {
  const ofSlo = () => ({ sloId, zone: zone.value });
  const query = useQuery(SloHistory, ofSlo, { everyMs: 60_000 });
  const shared = { query, document: SloHistory, variables: ofSlo(), group: 'slo' };
  const timesOf = (points: readonly { readonly start: string }[]) =>
    points.map(({ start }) => Date.parse(start));
  return (
    <Grid min={340}>
      <ChartPanel
        {...shared}
        title={`Budget left: ${sloId}`}
        unit="ratio"
        thresholds={[{ value: 0, label: 'used up', tone: 'bad' }]}
        chart={({ slo }) => ({
          times: timesOf(slo?.status.series ?? []),
          series: [
            {
              key: 'budget',
              label: 'budget left',
              values: (slo?.status.series ?? []).map((point) => point.budgetRemaining),
            },
          ],
        })}
      />
      <ChartPanel
        {...shared}
        title={`Burn rate: ${sloId}`}
        unit="number"
        thresholds={[{ value: 1, label: 'lasts for the window', tone: 'warn' }]}
        chart={({ slo }) => ({
          times: timesOf(slo?.status.series ?? []),
          series: [
            {
              key: 'burn',
              label: 'burn rate',
              values: (slo?.status.series ?? []).map((point) => point.burnRate),
            },
          ],
        })}
      />
    </Grid>
  );
}
