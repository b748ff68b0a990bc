import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import type { PolicyListQuery } from '../../generated/graphql.ts';
import { notify } from '../../parts/toast.tsx';
import { Form, TextField, useForm } from '../shared/form.tsx';
import { problemsOf } from '../shared/form-problems.ts';

const SetPolicy = graphql(`
  mutation SetPolicy($input: SetRetentionPolicyInput!) {
    setRetentionPolicy(input: $input) { retentionPolicy { dataset } }
  }
`);

export type Policy = PolicyListQuery['retentionPolicies'][number];

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

export function PolicyForm({ policy, onSaved, onClose }: PolicyFormProps) {
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
      <p>In days. Empty: forever. The next run removes older data for good.</p>
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
