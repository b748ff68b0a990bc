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
        keyOf={({ id }) => id}
        columns={COLUMNS}
        dense
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
