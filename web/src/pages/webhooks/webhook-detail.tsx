import { useSignal } from '@preact/signals';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { OneWebhookQuery } from '../../generated/graphql.ts';
import { Button } from '../../parts/button.tsx';
import { Row } from '../../parts/row.tsx';
import { Stack } from '../../parts/stack.tsx';
import { Time } from '../../parts/time.tsx';
import { setParams } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { ConfirmDialog } from '../shared/confirm-dialog.tsx';
import { deliveryColumns } from '../shared/delivery-columns.tsx';
import { toShortDuration } from '../shared/durations.ts';
import { Facts } from '../shared/facts.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';
import { labelsInWords } from '../shared/rule-words.ts';
import { Secret } from '../shared/secret.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { TestDelivery } from './test-delivery.tsx';
import { WebhookForm } from './webhook-form.tsx';
import { textsOf } from './webhook-texts.ts';

const OneWebhook = graphql(`
  query OneWebhook($webhookId: String!) {
    webhook(webhookId: $webhookId) {
      id webhookId url kind description enabled minSeverity types labels quietFrom quietUntil quietTimeZone
      groupWait previousSecretUntil updatedAt
      deliveries(first: 50) {
        nodes {
          id webhookId alertId event status attempt statusCode error durationMs scheduledAt startedAt responseBody
          alert { title }
        }
      }
    }
  }
`);

const Rotate = graphql(`
  mutation RotateSecret($input: RotateWebhookSecretInput!) {
    rotateWebhookSecret(input: $input) { webhook { id } secret }
  }
`);

const Delete = graphql(`
  mutation DeleteWebhook($input: DeleteWebhookInput!) {
    deleteWebhook(input: $input) { webhook { id } }
  }
`);

type Webhook = NonNullable<OneWebhookQuery['webhook']>;
type Asked = 'edit' | 'rotate' | 'delete' | null;

/** One webhook: what it gets, its newest deliveries, and what can be done with it. */
export function WebhookDetail({ webhookId, onChanged }: { webhookId: string; onChanged: () => void }) {
  const variables = () => ({ webhookId });
  const query = useQuery(OneWebhook, variables, { everyMs: 5_000 });
  const asked = useSignal<Asked>(null);
  const secret = useSignal<string | null>(null);
  const close = () => {
    asked.value = null;
  };
  const changed = () => {
    query.refresh();
    onChanged();
  };
  const webhook = query.data?.webhook;
  const input = { input: { webhookId } };
  if (secret.value !== null) {
    const forget = () => {
      secret.value = null;
    };
    return <Secret label="The new key that signs the calls" text={secret.value} onDone={forget} />;
  }
  if (asked.value === 'edit' && webhook) {
    return <WebhookForm saved={webhookId} initial={textsOf(webhook)} onSaved={changed} onClose={close} />;
  }
  return (
    <>
      <QueryPanel
        title="Webhook"
        query={query}
        isEmpty={(data) => data.webhook === null}
        empty={{ title: 'No such webhook', text: 'It was deleted, or belongs to another project.' }}
      >
        {(data) =>
          data.webhook && (
            <Stack>
              <WebhookFacts webhook={data.webhook} />
              <WebhookButtons
                kind={data.webhook.kind}
                onAsk={(what) => {
                  asked.value = what;
                }}
              />
              <TestDelivery webhookId={webhookId} onSent={query.refresh} />
            </Stack>
          )
        }
      </QueryPanel>
      <TablePanel
        title="Newest deliveries"
        caption="Deliveries"
        query={query}
        empty={{ title: 'None yet', text: 'Nothing was sent to it.' }}
        rowsOf={(data) => data.webhook?.deliveries.nodes ?? []}
        dense
        keyOf={({ id }) => id}
        columns={deliveryColumns('alert')}
      />
      <ConfirmDialog
        title="Rotate the secret?"
        action="Make a new secret"
        document={Rotate}
        variables={asked.value === 'rotate' ? input : null}
        done="The secret is rotated."
        onClose={close}
        onDone={({ rotateWebhookSecret }) => {
          secret.value = rotateWebhookSecret.secret;
          changed();
        }}
      >
        For a day, calls are signed with the old and the new key, so that the receiver can change over.
      </ConfirmDialog>
      <ConfirmDialog
        title="Delete the webhook?"
        action="Delete"
        document={Delete}
        variables={asked.value === 'delete' ? input : null}
        done="The webhook is deleted."
        onClose={close}
        onDone={() => {
          onChanged();
          setParams({ webhook: null });
        }}
      >
        Nothing is sent to {webhookId} any more; deliveries that wait are cancelled.
      </ConfirmDialog>
    </>
  );
}

function WebhookFacts({ webhook }: { webhook: Webhook }) {
  const { types, minSeverity, labels, quietFrom, quietUntil, quietTimeZone, groupWait } = webhook;
  return (
    <Facts
      facts={[
        ['Who is told', webhook.description],
        ['Address', webhook.url],
        ['Kind', webhook.kind.toLowerCase()],
        ['State', webhook.enabled ? 'on' : 'off: nothing is sent'],
        ['Gets', `${minSeverity.toLowerCase()} and worse`],
        ['Types', types.join(', ').toLowerCase()],
        ['Labels', labelsInWords(labels)],
        ['Quiet hours', quietFrom && `${quietFrom} to ${quietUntil}, ${quietTimeZone}`],
        ['Waits for more', groupWait && toShortDuration(groupWait)],
        [
          'Old secret',
          webhook.previousSecretUntil && (
            <>
              signs too until <Time at={webhook.previousSecretUntil} zone={zone.value} show="long" />
            </>
          ),
        ],
      ]}
    />
  );
}

function WebhookButtons({ kind, onAsk }: { kind: string; onAsk: (what: Asked) => void }) {
  return (
    <Row>
      <Button icon="edit" onClick={() => onAsk('edit')}>
        Edit
      </Button>
      {kind === 'WEBHOOK' && (
        <Button icon="key" onClick={() => onAsk('rotate')}>
          Rotate the secret
        </Button>
      )}
      <Button kind="danger" icon="trash" onClick={() => onAsk('delete')}>
        Delete
      </Button>
    </Row>
  );
}
