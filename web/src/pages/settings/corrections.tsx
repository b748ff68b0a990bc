import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatRange } from '../../format/time.ts';
import { formatValue } from '../../format/value.ts';
import type { CorrectionListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/column.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Time } from '../../parts/time.tsx';
import { notify } from '../../parts/toast.tsx';
import { useOpen } from '../../state/use-open.ts';
import { range, span, zone } from '../../state/view.ts';
import { cellColumn, numberColumn, textColumn } from '../shared/columns.tsx';
import { Form, TextField, useForm } from '../shared/form.tsx';
import { problemsOf } from '../shared/form-problems.ts';
import { TablePanel } from '../shared/table-panel.tsx';

const CorrectionList = graphql(`
  query CorrectionList {
    costCorrections(first: 20) {
      nodes {
        id createdAt status dryRun provider model rangeFrom rangeTo calls changedCalls costBefore costAfter
        unknownBefore unknownAfter problem reason
      }
    }
  }
`);

const Recompute = graphql(`
  mutation RecomputeCosts($input: RecomputeCostsInput!) {
    recomputeCosts(input: $input) { correction { id } }
  }
`);

type Correction = CorrectionListQuery['costCorrections']['nodes'][number];

const TONES = { DONE: 'good', FAILED: 'bad', RUNNING: 'info' } as const;

/** What a correction would do is shown for this long before the list is asked at its usual pace. */
const WATCH_MS = 1_000;

/** Computes the cost of stored calls anew: first for trial, then for good. */
export function Corrections() {
  const query = useQuery(CorrectionList, () => ({}), { everyMs: WATCH_MS * 5 });
  const asking = useOpen();
  return (
    <>
      <TablePanel
        title="Corrections of costs"
        subtitle="Calls whose cost no sender sent, computed anew with the prices of now"
        query={query}
        actions={
          <Button icon="refresh" onClick={asking.open}>
            Compute costs anew
          </Button>
        }
        empty={{
          title: 'None yet',
          text: 'After a price was set, costs of stored calls can be computed anew.',
        }}
        rowsOf={({ costCorrections }) => costCorrections.nodes}
        dense
        keyOf={({ id }) => id}
        columns={COLUMNS}
      />
      <Dialog title="Compute costs anew" open={asking.isOpen} onClose={asking.close}>
        <CorrectionForm onStarted={query.refresh} onClose={asking.close} />
      </Dialog>
    </>
  );
}

const COLUMNS: readonly Column<Correction>[] = [
  cellColumn('at', 'Asked for', ({ createdAt }) => <Time at={createdAt} zone={zone.value} />),
  textColumn(
    'of',
    'Calls of',
    ({ provider, model, rangeFrom, rangeTo }) =>
      `${[provider, model].filter(Boolean).join(' / ') || 'all models'}, ${formatRange(Date.parse(rangeFrom), Date.parse(rangeTo), zone.value)}`,
    { hideBelow: 'narrow' },
  ),
  cellColumn('status', 'State', ({ status, dryRun, problem }) => (
    <Badge tone={TONES[status]} title={problem ?? undefined}>
      {dryRun ? 'trial, ' : ''}
      {status.toLowerCase()}
    </Badge>
  )),
  numberColumn('calls', 'Calls', 'count', ({ calls }) => calls, { hideBelow: 'medium' }),
  numberColumn('changed', 'Changed', 'count', ({ changedCalls }) => changedCalls),
  numberColumn('before', 'Cost before', 'usd', ({ costBefore }) => costBefore),
  numberColumn('after', 'Cost after', 'usd', ({ costAfter }) => costAfter),
  textColumn(
    'unknown',
    'Without a cost',
    ({ unknownBefore, unknownAfter }) =>
      `${formatValue(unknownBefore, 'count')} → ${formatValue(unknownAfter, 'count')}`,
    { align: 'right', hideBelow: 'medium' },
  ),
];

/** Tries a correction first: only what was tried as it stands can be done. */
function CorrectionForm({ onStarted, onClose }: { onStarted: () => void; onClose: () => void }) {
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
      notify('The costs are being computed anew.', 'good');
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
        Calls of the range of the page ({span.value.kind === 'last' ? `last ${span.value.text}` : 'as chosen'}
        ). A trial counts and changes nothing.
      </p>
      <TextField form={state} name="provider" label="Provider" hint="Empty: all." />
      <TextField form={state} name="model" label="Model" hint="Empty: all." />
      <TextField form={state} name="reason" label="Why" />
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

/** What a trial has found, while it is counting too. */
function Trial({ id }: { id: string }) {
  const { data } = useQuery(OneCorrection, () => ({ id }), {
    everyMs: WATCH_MS,
    until: ({ node }) => !!node && 'status' in node && node.status !== 'RUNNING',
  });
  const correction = data?.node;
  if (!correction || !('changedCalls' in correction)) return <p>The trial begins.</p>;
  const { status, calls, changedCalls, costBefore, costAfter, problem } = correction;
  return (
    <p role="status">
      <Badge tone={TONES[status]}>{status.toLowerCase()}</Badge>{' '}
      {problem ??
        `Of ${formatValue(calls, 'count')} calls, ${formatValue(changedCalls, 'count')} would cost something else: ${formatValue(costBefore, 'usd', 'long')} before, ${formatValue(costAfter, 'usd', 'long')} after.`}
    </p>
  );
}
