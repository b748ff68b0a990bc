import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { WebhookListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/column.ts';
import { Dialog, useOpen } from '../../parts/dialog.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo, param, setParams } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { cellColumn, textColumn } from '../shared/columns.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { DELIVERY_TONES } from '../shared/tones.ts';
import { WebhookDetail } from './webhook-detail.tsx';
import { WebhookForm } from './webhook-form.tsx';
import { NEW_WEBHOOK } from './webhook-texts.ts';

const WebhookList = graphql(`
  query WebhookList($first: Int, $after: String, $last: Int, $before: String) {
    webhooks(first: $first, after: $after, last: $last, before: $before) {
      nodes {
        id webhookId url kind description enabled minSeverity types
        deliveries(first: 1) { nodes { status startedAt scheduledAt error } }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

type Webhook = WebhookListQuery['webhooks']['nodes'][number];

/** Who is notified of alerts, and whether that works. */
export function Page() {
  const query = useQuery(WebhookList, pageArguments, { everyMs: 15_000 });
  const creating = useOpen();
  const webhookId = param('webhook').value;
  return (
    <>
      <PageHead
        title="Webhooks"
        subtitle={
          <>
            Who is notified of <a href={linkTo('/alerts')}>alerts</a>: services, Slack, Discord, PagerDuty,
            e-mail
          </>
        }
        actions={
          <Button kind="primary" icon="plus" onClick={creating.open}>
            New webhook
          </Button>
        }
      />
      <TablePanel
        title="Webhooks"
        query={query}
        empty={{ title: 'No webhooks', text: 'Alerts appear on the Alerts page, but nobody is notified.' }}
        rowsOf={({ webhooks }) => webhooks.nodes}
        pageInfoOf={({ webhooks }) => webhooks.pageInfo}
        keyOf={({ id }) => id}
        onOpen={({ webhookId }) => setParams({ webhook: webhookId })}
        columns={COLUMNS}
      />
      <Dialog title="New webhook" open={creating.isOpen} onClose={creating.close}>
        <WebhookForm saved={null} initial={NEW_WEBHOOK} onSaved={query.refresh} onClose={creating.close} />
      </Dialog>
      <Dialog
        title={webhookId ?? ''}
        side
        open={webhookId !== null}
        onClose={() => setParams({ webhook: null })}
      >
        {webhookId !== null && (
          <WebhookDetail key={webhookId} webhookId={webhookId} onChanged={query.refresh} />
        )}
      </Dialog>
    </>
  );
}

const COLUMNS: readonly Column<Webhook>[] = [
  textColumn('id', 'Webhook', ({ webhookId }) => webhookId),
  textColumn('kind', 'Kind', ({ kind }) => kind.toLowerCase(), { width: '100px' }),
  textColumn('url', 'Address', ({ url }) => url, { hideBelow: 'narrow' }),
  textColumn(
    'which',
    'Receives',
    ({ minSeverity, types }) =>
      `${minSeverity.toLowerCase()} and worse${types.length > 0 ? ` of ${types.join(', ').toLowerCase()}` : ''}`,
    { hideBelow: 'medium' },
  ),
  cellColumn(
    'enabled',
    'State',
    ({ enabled }) => <Badge tone={enabled ? 'good' : 'neutral'}>{enabled ? 'on' : 'off'}</Badge>,
    { width: '70px' },
  ),
  cellColumn('last', 'Last delivery', (webhook) => <LastDelivery {...webhook} />, { width: '160px' }),
];

function LastDelivery({ deliveries }: Pick<Webhook, 'deliveries'>) {
  const [last] = deliveries.nodes;
  if (last === undefined) return <span class="muted">never</span>;
  return (
    <>
      <Badge tone={DELIVERY_TONES[last.status]} title={last.error ?? undefined}>
        {last.status.toLowerCase()}
      </Badge>{' '}
      <Time at={last.startedAt ?? last.scheduledAt} zone={zone.value} />
    </>
  );
}
