import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatRange } from '../../format/time.ts';
import { formatValue } from '../../format/value.ts';
import type { CorrectionListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Time } from '../../parts/time.tsx';
import { notify } from '../../parts/toast.tsx';
import { range, span, zone } from '../../state/view.ts';
import { Form, TextField, useForm } from '../shared/form.tsx';
import { problemsOf } from '../shared/form-problems.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

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
  const isAsking = useSignal(false);
  const close = () => {
    isAsking.value = false;
  };
  return (
    <>
      <QueryPanel
        title="Corrections of costs"
        subtitle="Calls whose cost no sender sent, computed anew with the prices of now"
        query={query}
        document={CorrectionList}
        variables={{}}
        actions={
          <Button
            icon="refresh"
            onClick={() => {
              isAsking.value = true;
            }}
          >
            Compute costs anew
          </Button>
        }
        isEmpty={({ costCorrections }) => costCorrections.nodes.length === 0}
        empty={{
          title: 'None yet',
          text: 'After a price was set, costs of stored calls can be computed anew.',
        }}
        flush
      >
        {({ costCorrections }) => <CorrectionTable corrections={costCorrections.nodes} />}
      </QueryPanel>
      <Dialog title="Compute costs anew" open={isAsking.value} onClose={close}>
        <CorrectionForm onStarted={query.refresh} onClose={close} />
      </Dialog>
    </>
  );
}

function CorrectionTable({ corrections }: { corrections: readonly Correction[] }) {
  return (
    <DataTable
      caption="Corrections of costs"
      dense
      rows={corrections}
      keyOf={({ id }) => id}
      columns={[
        { key: 'at', title: 'Asked for', cell: ({ createdAt }) => <Time at={createdAt} zone={zone.value} /> },
        {
          key: 'of',
          title: 'Calls of',
          value: ({ provider, model, rangeFrom, rangeTo }) =>
            `${[provider, model].filter(Boolean).join(' / ') || 'all models'}, ${formatRange(Date.parse(rangeFrom), Date.parse(rangeTo), zone.value)}`,
          hideBelow: 'narrow',
        },
        {
          key: 'status',
          title: 'State',
          cell: ({ status, dryRun, problem }) => (
            <Badge tone={TONES[status]} title={problem ?? undefined}>
              {dryRun ? 'trial, ' : ''}
              {status.toLowerCase()}
            </Badge>
          ),
        },
        { key: 'calls', title: 'Calls', unit: 'count', value: ({ calls }) => calls, hideBelow: 'medium' },
        { key: 'changed', title: 'Changed', unit: 'count', value: ({ changedCalls }) => changedCalls },
        { key: 'before', title: 'Cost before', unit: 'usd', value: ({ costBefore }) => costBefore },
        { key: 'after', title: 'Cost after', unit: 'usd', value: ({ costAfter }) => costAfter },
        {
          key: 'unknown',
          title: 'Without a cost',
          value: ({ unknownBefore, unknownAfter }) =>
            `${formatValue(unknownBefore, 'count')} → ${formatValue(unknownAfter, 'count')}`,
          align: 'right',
          hideBelow: 'medium',
        },
      ]}
    />
  );
}

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
