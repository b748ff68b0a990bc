import { useSignal } from '@preact/signals';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { WebhookListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo, param, setParams } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { ListPager, pageArguments } from '../shared/cursors.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';
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

/** Who is told about alerts, and whether that works. */
export function Page() {
  const query = useQuery(WebhookList, pageArguments, { everyMs: 15_000 });
  const isCreating = useSignal(false);
  const close = () => {
    isCreating.value = false;
  };
  const webhookId = param('webhook').value;
  return (
    <>
      <PageHead
        title="Webhooks"
        subtitle={
          <>
            Who is told about <a href={linkTo('/alerts')}>alerts</a>: services, Slack, Discord, PagerDuty,
            mail
          </>
        }
        actions={
          <Button
            kind="primary"
            icon="plus"
            onClick={() => {
              isCreating.value = true;
            }}
          >
            New webhook
          </Button>
        }
      />
      <QueryPanel
        title="Webhooks"
        query={query}
        document={WebhookList}
        variables={pageArguments()}
        isEmpty={({ webhooks }) => webhooks.nodes.length === 0}
        empty={{ title: 'No webhooks', text: 'Alerts are shown on the page of alerts, and nobody is told.' }}
        footer={query.data && <ListPager pageInfo={query.data.webhooks.pageInfo} />}
        flush
      >
        {({ webhooks }) => <WebhookTable webhooks={webhooks.nodes} />}
      </QueryPanel>
      <Dialog title="New webhook" open={isCreating.value} onClose={close}>
        <WebhookForm saved={null} initial={NEW_WEBHOOK} onSaved={query.refresh} onClose={close} />
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

function WebhookTable({ webhooks }: { webhooks: readonly Webhook[] }) {
  return (
    <DataTable
      caption="Webhooks"
      rows={webhooks}
      keyOf={({ id }) => id}
      onOpen={({ webhookId }) => setParams({ webhook: webhookId })}
      columns={[
        { key: 'id', title: 'Webhook', value: ({ webhookId }) => webhookId },
        { key: 'kind', title: 'Kind', value: ({ kind }) => kind.toLowerCase(), width: '100px' },
        { key: 'url', title: 'Address', value: ({ url }) => url, hideBelow: 'narrow' },
        {
          key: 'which',
          title: 'Gets',
          value: ({ minSeverity, types }) =>
            `${minSeverity.toLowerCase()} and worse${types.length > 0 ? ` of ${types.join(', ').toLowerCase()}` : ''}`,
          hideBelow: 'medium',
        },
        {
          key: 'enabled',
          title: 'State',
          cell: ({ enabled }) => <Badge tone={enabled ? 'good' : 'neutral'}>{enabled ? 'on' : 'off'}</Badge>,
          width: '70px',
        },
        {
          key: 'last',
          title: 'Last delivery',
          cell: (webhook) => <LastDelivery {...webhook} />,
          width: '160px',
        },
      ]}
    />
  );
}

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
