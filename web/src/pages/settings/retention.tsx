import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { PolicyListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Row } from '../../parts/row.tsx';
import { Time } from '../../parts/time.tsx';
import { notify } from '../../parts/toast.tsx';
import { zone } from '../../state/view.ts';
import { ConfirmDialog } from '../shared/confirm-dialog.tsx';
import { Form, TextField, useForm } from '../shared/form.tsx';
import { problemsOf } from '../shared/form-problems.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { RetentionRuns } from './retention-runs.tsx';

const PolicyList = graphql(`
  query PolicyList {
    retentionPolicies { dataset rowDays minuteDays hourDays dayDays source oldestRow rowsSince }
  }
`);

const SetPolicy = graphql(`
  mutation SetPolicy($input: SetRetentionPolicyInput!) {
    setRetentionPolicy(input: $input) { retentionPolicy { dataset } }
  }
`);

const ResetPolicy = graphql(`
  mutation ResetPolicy($input: ResetRetentionPolicyInput!) {
    resetRetentionPolicy(input: $input) { retentionPolicy { dataset } }
  }
`);

type Policy = PolicyListQuery['retentionPolicies'][number];

const SOURCES: Readonly<Record<string, string>> = {
  DECLARED: 'default',
  ENVIRONMENT: 'environment',
  OVERRIDE: 'set here',
};

/** How long what is kept, and what was removed. */
export function Retention() {
  const query = useQuery(PolicyList, () => ({}), { everyMs: 60_000 });
  const edited = useSignal<Policy | null>(null);
  const reset = useSignal<string | null>(null);
  const close = () => {
    edited.value = null;
  };
  return (
    <>
      <QueryPanel
        title="How long data is kept"
        subtitle="Totals stay longer than the rows that they were made from"
        query={query}
        document={PolicyList}
        variables={{}}
        flush
      >
        {({ retentionPolicies }) => (
          <PolicyTable
            policies={retentionPolicies}
            onEdit={(policy) => {
              edited.value = policy;
            }}
            onReset={(dataset) => {
              reset.value = dataset;
            }}
          />
        )}
      </QueryPanel>
      <Dialog
        title={`Retention of ${edited.value?.dataset ?? ''}`}
        open={edited.value !== null}
        onClose={close}
      >
        {edited.value && <PolicyForm policy={edited.value} onSaved={query.refresh} onClose={close} />}
      </Dialog>
      <ConfirmDialog
        title="Go back to the default?"
        action="Reset"
        document={ResetPolicy}
        variables={reset.value === null ? null : { input: { dataset: reset.value } }}
        done="The default holds again."
        onClose={() => {
          reset.value = null;
        }}
        onDone={query.refresh}
      >
        {reset.value} is kept as long as the server's own settings say. What is older is removed by the next
        run.
      </ConfirmDialog>
      <RetentionRuns />
    </>
  );
}

interface PolicyTableProps {
  readonly policies: readonly Policy[];
  readonly onEdit: (policy: Policy) => void;
  readonly onReset: (dataset: string) => void;
}

const daysOf = (days: number | null) => (days === null ? 'forever' : days === 1 ? '1 day' : `${days} days`);

function PolicyTable({ policies, onEdit, onReset }: PolicyTableProps) {
  return (
    <DataTable
      caption="How long data is kept"
      rows={policies}
      keyOf={({ dataset }) => dataset}
      columns={[
        { key: 'dataset', title: 'Dataset', value: ({ dataset }) => dataset },
        { key: 'rows', title: 'Rows', cell: ({ rowDays }) => daysOf(rowDays), align: 'right' },
        {
          key: 'minutes',
          title: 'Per minute',
          cell: ({ minuteDays }) => daysOf(minuteDays),
          align: 'right',
          hideBelow: 'medium',
        },
        {
          key: 'hours',
          title: 'Per hour',
          cell: ({ hourDays }) => daysOf(hourDays),
          align: 'right',
          hideBelow: 'medium',
        },
        {
          key: 'days',
          title: 'Per day',
          cell: ({ dayDays }) => daysOf(dayDays),
          align: 'right',
          hideBelow: 'medium',
        },
        {
          key: 'oldest',
          title: 'Oldest row',
          cell: ({ oldestRow }) => <Time at={oldestRow} zone={zone.value} />,
          hideBelow: 'narrow',
        },
        {
          key: 'source',
          title: 'Set by',
          cell: ({ source }) => (
            <Badge tone={source === 'OVERRIDE' ? 'info' : 'neutral'}>{SOURCES[source]}</Badge>
          ),
          hideBelow: 'narrow',
        },
        {
          key: 'actions',
          title: '',
          cell: (policy) => (
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
          width: '150px',
        },
      ]}
    />
  );
}

interface PolicyFormProps {
  readonly policy: Policy;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

const FIELDS = ['rowDays', 'minuteDays', 'hourDays', 'dayDays'] as const;
const LABELS = {
  rowDays: 'Rows',
  minuteDays: 'Totals per minute',
  hourDays: 'Totals per hour',
  dayDays: 'Totals per day',
};

function PolicyForm({ policy, onSaved, onClose }: PolicyFormProps) {
  const textOf = (days: number | null) => (days === null ? '' : String(days));
  const form = useForm({
    rowDays: textOf(policy.rowDays),
    minuteDays: textOf(policy.minuteDays),
    hourDays: textOf(policy.hourDays),
    dayDays: textOf(policy.dayDays),
  });
  const { run, isBusy, error } = useAction(SetPolicy);
  const problems = problemsOf(error, FIELDS);
  const numberOf = (text: string) => (text.trim() === '' ? null : Number(text));
  async function save() {
    const days = Object.fromEntries(FIELDS.map((field) => [field, numberOf(form.values[field])]));
    const done = await run({ input: { dataset: policy.dataset, ...days } });
    if (done === null) return;
    notify('The policy is set.', 'good');
    onSaved();
    onClose();
  }
  return (
    <Form submit="Set" isBusy={isBusy} problems={problems} onSubmit={save} onCancel={onClose}>
      <p>In days; empty: forever. What is older is removed for good by the next run.</p>
      {FIELDS.map((field) => (
        <TextField
          key={field}
          form={{ ...form, problems }}
          name={field}
          label={LABELS[field]}
          type="number"
          min={1}
        />
      ))}
    </Form>
  );
}
