import { useSignal } from '@preact/signals';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatDay } from '../../format/time.ts';
import { formatValue } from '../../format/value.ts';
import type { PriceListQuery } from '../../generated/graphql.ts';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Row } from '../../parts/row.tsx';
import { linkTo } from '../../state/location.ts';
import { range, zone } from '../../state/view.ts';
import { ConfirmDialog } from '../shared/confirm-dialog.tsx';
import { ListPager, pageArguments } from '../shared/cursors.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';
import { Corrections } from './corrections.tsx';
import { PriceForm } from './price-form.tsx';

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

const Unpriced = graphql(`
  query UnpricedModels($range: TimeRangeInput!) {
    llmCallAnalytics(range: $range, filter: { costProblem: { eq: NO_PRICE } }) {
      groups(first: 50, orderBy: { field: COUNT, aggregate: SUM, direction: DESC }) {
        dimensions { provider model }
        stats { count }
      }
    }
  }
`);

const Delete = graphql(`
  mutation DeletePrice($input: DeletePriceInput!) {
    deletePrice(input: $input) { price { id } }
  }
`);

type Price = PriceListQuery['projectPrices']['nodes'][number];

/** What a price is known by; null: nothing is edited. */
type Edited = Price | { readonly provider: string; readonly model: string } | null;

/** The prices that the project has set, which come before those of the price list. */
export function Prices() {
  const query = useQuery(PriceList, pageArguments);
  const edited = useSignal<Edited>(null);
  const doomed = useSignal<Price | null>(null);
  const edit = (price: Edited) => {
    edited.value = price;
  };
  const close = () => edit(null);
  return (
    <>
      <QueryPanel
        title="Prices of this project"
        subtitle="In USD per million tokens. They come before those of the price list."
        query={query}
        document={PriceList}
        variables={pageArguments()}
        actions={
          <Button icon="plus" onClick={() => edit({ provider: '', model: '' })}>
            Set a price
          </Button>
        }
        isEmpty={({ projectPrices }) => projectPrices.nodes.length === 0}
        empty={{ title: 'No prices', text: 'All calls are priced by the list that comes with the server.' }}
        footer={query.data && <ListPager pageInfo={query.data.projectPrices.pageInfo} />}
        flush
      >
        {({ projectPrices }) => (
          <PriceTable
            prices={projectPrices.nodes}
            onEdit={edit}
            onDelete={(price) => {
              doomed.value = price;
            }}
          />
        )}
      </QueryPanel>
      <UnpricedModels onEdit={edit} />
      <Dialog title="Price of a model" open={edited.value !== null} onClose={close}>
        {edited.value && <PriceForm price={edited.value} onSaved={query.refresh} onClose={close} />}
      </Dialog>
      <ConfirmDialog
        title="Delete the price?"
        action="Delete"
        document={Delete}
        variables={doomed.value && { input: keyOf(doomed.value) }}
        done="The price is deleted."
        onClose={() => {
          doomed.value = null;
        }}
        onDone={query.refresh}
      >
        New calls of {doomed.value?.provider} {doomed.value?.model} cost what the price list says. Calls that
        are stored keep their cost until they are computed anew.
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

interface PriceTableProps {
  readonly prices: readonly Price[];
  readonly onEdit: (price: Price) => void;
  readonly onDelete: (price: Price) => void;
}

function PriceTable({ prices, onEdit, onDelete }: PriceTableProps) {
  const usd = (value: number | null) => formatValue(value, 'usd');
  const day = (at: string | null, none: string) =>
    at === null ? none : formatDay(Date.parse(at), zone.value);
  return (
    <DataTable
      caption="Prices of this project"
      rows={prices}
      keyOf={({ id }) => id}
      columns={[
        { key: 'model', title: 'Model', value: ({ provider, model }) => `${provider} / ${model}` },
        {
          key: 'tier',
          title: 'Tier',
          value: ({ serviceTier }) => serviceTier.toLowerCase(),
          hideBelow: 'medium',
        },
        { key: 'input', title: 'Prompt', cell: ({ input }) => usd(input), align: 'right' },
        { key: 'output', title: 'Answer', cell: ({ output }) => usd(output), align: 'right' },
        {
          key: 'cached',
          title: 'Cached',
          cell: ({ cachedInput }) => usd(cachedInput),
          align: 'right',
          hideBelow: 'medium',
        },
        {
          key: 'call',
          title: 'Per call',
          cell: ({ perCall }) => usd(perCall),
          align: 'right',
          hideBelow: 'medium',
        },
        {
          key: 'valid',
          title: 'Holds',
          value: ({ validFrom, validTo }) => `${day(validFrom, 'always')} – ${day(validTo, 'now')}`,
          hideBelow: 'narrow',
        },
        { key: 'note', title: 'Note', value: ({ note }) => note, hideBelow: 'medium' },
        {
          key: 'actions',
          title: '',
          cell: (price) => (
            <Row gap="tight" wrap={false} align="end">
              <Button kind="plain" onClick={() => onEdit(price)}>
                Change
              </Button>
              <Button kind="plain" onClick={() => onDelete(price)}>
                Delete
              </Button>
            </Row>
          ),
          width: '150px',
        },
      ]}
    />
  );
}

/** Models that were called and whose price nobody knows. */
function UnpricedModels({ onEdit }: { onEdit: (price: Edited) => void }) {
  const variables = () => ({ range: range.value });
  const query = useQuery(Unpriced, variables);
  const models = query.data?.llmCallAnalytics.groups ?? [];
  if (query.data !== undefined && models.length === 0) return null;
  return (
    <QueryPanel
      title="Models without a price"
      subtitle="Called in the range of the page; their calls have no cost"
      query={query}
      document={Unpriced}
      variables={variables()}
      flush
    >
      {() => (
        <DataTable
          caption="Models without a price"
          dense
          rows={models}
          keyOf={({ dimensions: { provider, model } }) => `${provider} ${model}`}
          columns={[
            {
              key: 'model',
              title: 'Model',
              cell: ({ dimensions: { provider, model } }) => (
                <a href={linkTo('/models/one', { provider, model })}>{`${provider} / ${model}`}</a>
              ),
            },
            { key: 'calls', title: 'Calls', unit: 'count', value: ({ stats }) => stats.count },
            {
              key: 'set',
              title: '',
              cell: ({ dimensions: { provider, model } }) => (
                <Button kind="plain" onClick={() => onEdit({ provider: provider ?? '', model: model ?? '' })}>
                  Set a price
                </Button>
              ),
              width: '120px',
            },
          ]}
        />
      )}
    </QueryPanel>
  );
}
