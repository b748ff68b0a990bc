import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatRange } from '../../format/time.ts';
import { formatValue } from '../../format/value.ts';
import type { CorrectionListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/column.ts';
import { Dialog, useOpen } from '../../parts/dialog.tsx';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { cellColumn, numberColumn, textColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { CorrectionForm, TONES, WATCH_MS } from './correction-form.tsx';

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

type Correction = CorrectionListQuery['costCorrections']['nodes'][number];

/** Recomputes the cost of stored calls: first as a trial, then for good. */
export function Corrections() {
  const query = useQuery(CorrectionList, () => ({}), { everyMs: WATCH_MS * 5 });
  const asking = useOpen();
  return (
    <>
      <TablePanel
        title="Cost corrections"
        subtitle="Costs recomputed at current prices, for calls whose senders sent none"
        query={query}
        actions={
          <Button icon="refresh" onClick={asking.open}>
            Recompute costs
          </Button>
        }
        empty={{
          title: 'None yet',
          text: 'After you set a price, you can recompute the costs of stored calls.',
        }}
        rowsOf={({ costCorrections }) => costCorrections.nodes}
        keyOf={({ id }) => id}
        columns={COLUMNS}
        dense
      />
      <Dialog title="Recompute costs" open={asking.isOpen} onClose={asking.close}>
        <CorrectionForm onStarted={query.refresh} onClose={asking.close} />
      </Dialog>
    </>
  );
}

const COLUMNS: readonly Column<Correction>[] = [
  cellColumn('at', 'Requested', ({ createdAt }) => <Time at={createdAt} zone={zone.value} />),
  textColumn(
    'of',
    'Scope',
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
