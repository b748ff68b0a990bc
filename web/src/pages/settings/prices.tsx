import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatDay } from '../../format/time.ts';
import { formatValue } from '../../format/value.ts';
import type { PriceListQuery } from '../../generated/graphql.ts';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/column.ts';
import { Dialog, useOpened } from '../../parts/dialog.tsx';
import { Row } from '../../parts/row.tsx';
import { zone } from '../../state/view.ts';
import { cellColumn, textColumn } from '../shared/columns.tsx';
import { ConfirmDialog } from '../shared/confirm-dialog.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { Corrections } from './corrections.tsx';
import { PriceForm } from './price-form.tsx';
import { UnpricedModels } from './unpriced-models.tsx';

const PriceList = graphql(`
  query PriceList($first: Int, $after: String, $last: Int, $before: String) {
    projectPrices(first: $first, after: $after, last: $last, before: $before) {
      nodes {
        id provider model serviceTier input output cachedInput cacheWrite reasoning perCall validFrom validTo note
        updatedAt
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

const Delete = graphql(`
  mutation DeletePrice($input: DeletePriceInput!) {
    deletePrice(input: $input) { price { id } }
  }
`);

type Price = PriceListQuery['projectPrices']['nodes'][number];

/** What identifies a price. */
type Edited = Price | { readonly provider: string; readonly model: string };

/** The prices that the project has set. They take precedence over the price list. */
export function Prices() {
  const query = useQuery(PriceList, pageArguments);
  const edited = useOpened<Edited>();
  const doomed = useOpened<Price>();
  return (
    <>
      <TablePanel
        title="Prices of this project"
        subtitle="In USD per million tokens. They take precedence over the price list."
        query={query}
        actions={
          <Button icon="plus" onClick={() => edited.open({ provider: '', model: '' })}>
            Set a price
          </Button>
        }
        empty={{ title: 'No prices', text: 'All calls are priced by the list bundled with the server.' }}
        rowsOf={({ projectPrices }) => projectPrices.nodes}
        pageInfoOf={({ projectPrices }) => projectPrices.pageInfo}
        keyOf={({ id }) => id}
        columns={columnsOf(edited.open, doomed.open)}
      />
      <UnpricedModels onEdit={edited.open} />
      <Dialog title="Price of a model" open={edited.what !== null} onClose={edited.close}>
        {edited.what && <PriceForm price={edited.what} onSaved={query.refresh} onClose={edited.close} />}
      </Dialog>
      <ConfirmDialog
        title="Delete the price?"
        action="Delete"
        document={Delete}
        variables={doomed.what && { input: keyOf(doomed.what) }}
        done="The price is deleted."
        onClose={doomed.close}
        onDone={query.refresh}
      >
        New calls of {doomed.what?.provider} {doomed.what?.model} are priced by the price list. Stored calls
        keep their cost until it is recomputed.
      </ConfirmDialog>
      <Corrections />
    </>
  );
}

const keyOf = ({ provider, model, serviceTier, validFrom }: Price) => ({
  provider,
  model,
  serviceTier,
  validFrom,
});

const usd = (value: number | null) => formatValue(value, 'usd');
const day = (at: string | null, none: string) => (at === null ? none : formatDay(Date.parse(at), zone.value));

const columnsOf = (
  onEdit: (price: Price) => void,
  onDelete: (price: Price) => void,
): readonly Column<Price>[] => [
  textColumn('model', 'Model', ({ provider, model }) => `${provider} / ${model}`),
  textColumn('tier', 'Tier', ({ serviceTier }) => serviceTier.toLowerCase(), { hideBelow: 'medium' }),
  cellColumn('input', 'Prompt', ({ input }) => usd(input), { align: 'right' }),
  cellColumn('output', 'Answer', ({ output }) => usd(output), { align: 'right' }),
  cellColumn('cached', 'Cached', ({ cachedInput }) => usd(cachedInput), {
    align: 'right',
    hideBelow: 'medium',
  }),
  cellColumn('call', 'Per call', ({ perCall }) => usd(perCall), { align: 'right', hideBelow: 'medium' }),
  textColumn(
    'valid',
    'Valid',
    ({ validFrom, validTo }) => `${day(validFrom, 'always')} – ${day(validTo, 'now')}`,
    { hideBelow: 'narrow' },
  ),
  textColumn('note', 'Note', ({ note }) => note, { hideBelow: 'medium' }),
  cellColumn(
    'actions',
    '',
    (price) => (
      <Row gap="tight" wrap={false} align="end">
        <Button kind="plain" onClick={() => onEdit(price)}>
          Change
        </Button>
        <Button kind="plain" onClick={() => onDelete(price)}>
          Delete
        </Button>
      </Row>
    ),
    { width: '150px' },
  ),
];
