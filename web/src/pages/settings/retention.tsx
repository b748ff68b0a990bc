import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/column.ts';
import { Dialog, useOpened } from '../../parts/dialog.tsx';
import { Row } from '../../parts/row.tsx';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { cellColumn, textColumn } from '../shared/columns.tsx';
import { ConfirmDialog } from '../shared/confirm-dialog.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { type Policy, PolicyForm } from './policy-form.tsx';
import { RetentionRuns } from './retention-runs.tsx';

const PolicyList = graphql(`
  query PolicyList {
    retentionPolicies { dataset rowDays minuteDays hourDays dayDays source oldestRow rowsSince }
  }
`);

const ResetPolicy = graphql(`
  mutation ResetPolicy($input: ResetRetentionPolicyInput!) {
    resetRetentionPolicy(input: $input) { retentionPolicy { dataset } }
  }
`);

const SOURCES: Readonly<Record<string, string>> = {
  DECLARED: 'default',
  ENVIRONMENT: 'environment',
  OVERRIDE: 'set here',
};

/** How long data is kept, and what was removed. */
export function Retention() {
  const query = useQuery(PolicyList, () => ({}), { everyMs: 60_000 });
  const edited = useOpened<Policy>();
  const reset = useOpened<string>();
  return (
    <>
      <TablePanel
        title="How long data is kept"
        subtitle="Totals are kept longer than the rows that they were computed from"
        query={query}
        rowsOf={({ retentionPolicies }) => retentionPolicies}
        keyOf={({ dataset }) => dataset}
        columns={columnsOf(edited.open, reset.open)}
      />
      <Dialog
        title={`Retention of ${edited.what?.dataset ?? ''}`}
        open={edited.what !== null}
        onClose={edited.close}
      >
        {edited.what && <PolicyForm policy={edited.what} onSaved={query.refresh} onClose={edited.close} />}
      </Dialog>
      <ConfirmDialog
        title="Reset to the default?"
        action="Reset"
        document={ResetPolicy}
        variables={reset.what === null ? null : { input: { dataset: reset.what } }}
        done="The default applies again."
        onClose={reset.close}
        onDone={query.refresh}
      >
        {reset.what} will be kept as long as the server's own settings say. The next run removes older data.
      </ConfirmDialog>
      <RetentionRuns />
    </>
  );
}

const daysOf = (days: number | null) => (days === null ? 'forever' : days === 1 ? '1 day' : `${days} days`);

const columnsOf = (
  onEdit: (policy: Policy) => void,
  onReset: (dataset: string) => void,
): readonly Column<Policy>[] => [
  textColumn('dataset', 'Dataset', ({ dataset }) => dataset),
  cellColumn('rows', 'Rows', ({ rowDays }) => daysOf(rowDays), { align: 'right' }),
  cellColumn('minutes', 'Per minute', ({ minuteDays }) => daysOf(minuteDays), {
    align: 'right',
    hideBelow: 'medium',
  }),
  cellColumn('hours', 'Per hour', ({ hourDays }) => daysOf(hourDays), {
    align: 'right',
    hideBelow: 'medium',
  }),
  cellColumn('days', 'Per day', ({ dayDays }) => daysOf(dayDays), { align: 'right', hideBelow: 'medium' }),
  cellColumn('oldest', 'Oldest row', ({ oldestRow }) => <Time at={oldestRow} zone={zone.value} />, {
    hideBelow: 'narrow',
  }),
  cellColumn(
    'source',
    'Set by',
    ({ source }) => <Badge tone={source === 'OVERRIDE' ? 'info' : 'neutral'}>{SOURCES[source]}</Badge>,
    { hideBelow: 'narrow' },
  ),
  cellColumn(
    'actions',
    '',
    (policy) => (
      <Row gap="tight" wrap={false} align="end">
        {policy.source === 'OVERRIDE' && (
          <Button kind="plain" onClick={() => onReset(policy.dataset)}>
            Reset
          </Button>
        )}
        <Button kind="plain" onClick={() => onEdit(policy)}>
          Change
        </Button>
      </Row>
    ),
    { width: '150px' },
  ),
];
