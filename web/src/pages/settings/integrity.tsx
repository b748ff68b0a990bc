import { useSignal } from '@preact/signals';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { IntegrityQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/column.ts';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { cellColumn, numberColumn, textColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const IntegrityChecks = graphql(`
  query Integrity {
    integrity {
      startedAt
      isInOrder
      checks { check looked found durationMs unchecked findings { subject problem advice count projectId } }
    }
  }
`);

type Check = IntegrityQuery['integrity']['checks'][number];

const CHECKS: readonly Column<Check>[] = [
  textColumn('check', 'Check', (row) => row.check.toLowerCase()),
  cellColumn('result', 'Result', ({ found }) => (
    <Badge tone={found === 0 ? 'good' : 'bad'}>{found === 0 ? 'in order' : `${found} found`}</Badge>
  )),
  numberColumn('looked', 'Checked', 'count', ({ looked }) => looked),
  textColumn('findings', 'Findings', ({ findings }) =>
    findings.map(({ subject, problem, advice }) => `${subject}: ${problem} ${advice}`).join('\n'),
  ),
  numberColumn('took', 'Took', 'ms', ({ durationMs }) => durationMs),
];

/** The checks read all rows, so they run only on request. */
export function Integrity() {
  const isAsked = useSignal(false);
  const query = useQuery(IntegrityChecks, () => (isAsked.value ? {} : null));
  const check = () => {
    if (isAsked.value) query.refresh();
    isAsked.value = true;
  };
  const action = (
    <Button icon="check" busy={isAsked.value && query.isBusy} onClick={check}>
      Check
    </Button>
  );
  if (!isAsked.value) {
    return (
      <Panel title="Integrity" actions={action}>
        <p class="muted">
          Reads rows, totals and indexes and compares them. On a large database this takes a while.
        </p>
      </Panel>
    );
  }
  return (
    <TablePanel
      title="Integrity"
      query={query}
      actions={action}
      footer={
        query.data && (
          <>
            {query.data.integrity.isInOrder ? 'Everything is in order, ' : 'Problems were found, '}
            <Time at={query.data.integrity.startedAt} zone={zone.value} />.
          </>
        )
      }
      rowsOf={({ integrity }) => integrity.checks}
      keyOf={(row) => row.check}
      columns={CHECKS}
    />
  );
}
