import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import { Badge } from '../../parts/badge.tsx';
import { notify } from '../../parts/toast.tsx';
import { range, span } from '../../state/view.ts';
import { Form, TextField, useForm } from '../shared/form.tsx';
import { problemsOf } from '../shared/form-problems.ts';

const Recompute = graphql(`
  mutation RecomputeCosts($input: RecomputeCostsInput!) {
    recomputeCosts(input: $input) { correction { id } }
  }
`);

export const TONES = { DONE: 'good', FAILED: 'bad', RUNNING: 'info' } as const;

/** How often a running trial is polled. The list of corrections is polled a fifth as often. */
export const WATCH_MS = 1_000;

/** Tries a correction first. Only an unchanged, tried correction can be made. */
export function CorrectionForm({ onStarted, onClose }: { onStarted: () => void; onClose: () => void }) {
  const form = useForm({ provider: '', model: '', reason: '' });
  const trial = useSignal<{ id: string; of: string } | null>(null);
  const { run, isBusy, error } = useAction(Recompute);
  const problems = problemsOf(error, ['provider', 'model', 'reason']);
  const state = { ...form, problems };
  const { provider, model, reason } = form.values;
  const asked = {
    range: range.value,
    ...(provider.trim() && { provider: provider.trim() }),
    ...(model.trim() && { model: model.trim() }),
    ...(reason.trim() && { reason: reason.trim() }),
  };
  const asking = JSON.stringify([asked.range, asked.provider, asked.model]);
  const wasTried = trial.value?.of === asking;
  async function send() {
    const done = await run({ input: { ...asked, dryRun: !wasTried } });
    if (done === null) return;
    onStarted();
    if (wasTried) {
      notify('The costs are being recomputed.', 'good');
      onClose();
    } else trial.value = { id: done.recomputeCosts.correction.id, of: asking };
  }
  return (
    <Form
      submit={wasTried ? 'Change the costs' : 'Try it first'}
      kind={wasTried ? 'danger' : 'primary'}
      isBusy={isBusy}
      problems={problems}
      onSubmit={send}
      onCancel={onClose}
    >
      <p>
        Calls in the time range of the page (
        {span.value.kind === 'last' ? `last ${span.value.text}` : 'as selected'}
        ). A trial only counts, and changes nothing.
      </p>
      <TextField form={state} name="provider" label="Provider" hint="Empty: all." />
      <TextField form={state} name="model" label="Model" hint="Empty: all." />
      <TextField form={state} name="reason" label="Reason" />
      {wasTried && trial.value && <Trial key={trial.value.id} id={trial.value.id} />}
    </Form>
  );
}

const OneCorrection = graphql(`
  query OneCorrection($id: ID!) {
    node(id: $id) {
      ... on CostCorrection { status calls changedCalls costBefore costAfter unknownBefore unknownAfter problem }
    }
  }
`);

/** What a trial has found, even while it is still counting. */
function Trial({ id }: { id: string }) {
  const { data } = useQuery(OneCorrection, () => ({ id }), {
    everyMs: WATCH_MS,
    until: ({ node }) => !!node && 'status' in node && node.status !== 'RUNNING',
  });
  const correction = data?.node;
  if (!correction || !('changedCalls' in correction)) return <p>The trial is starting.</p>;
  const { status, calls, changedCalls, costBefore, costAfter, problem } = correction;
  return (
    <p role="status">
      <Badge tone={TONES[status]}>{status.toLowerCase()}</Badge>{' '}
      {problem ??
        `${formatValue(changedCalls, 'count')} of ${formatValue(calls, 'count')} calls would have another cost: ${formatValue(costBefore, 'usd', 'long')} before, ${formatValue(costAfter, 'usd', 'long')} after.`}
    </p>
  );
}
