import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Button } from '../../parts/button.tsx';
import { useOpened } from '../../parts/dialog.tsx';
import { Row } from '../../parts/row.tsx';
import { Stack } from '../../parts/stack.tsx';
import { setParams } from '../../state/location.ts';
import { ConfirmDialog } from '../shared/confirm-dialog.tsx';
import { deliveryColumns } from '../shared/delivery-columns.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';
import { Secret } from '../shared/secret.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { TestDelivery } from './test-delivery.tsx';
import { WebhookFacts } from './webhook-facts.tsx';
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
type Asked = 'edit' | 'rotate' | 'delete';

/** One webhook: what it receives, its newest deliveries, and its actions. */
export function WebhookDetail({ webhookId, onChanged }: { webhookId: string; onChanged: () => void }) {
  const variables = () => ({ webhookId });
  const query = useQuery(OneWebhook, variables, { everyMs: 5_000 });
  const asked = useOpened<Asked>();
  const secret = useOpened<string>();
  const changed = () => {
    query.refresh();
    onChanged();
  };
  const webhook = query.data?.webhook;
  const input = { input: { webhookId } };
  if (secret.what !== null) {
    return <Secret label="The new key that signs the calls" text={secret.what} onDone={secret.close} />;
  }
  if (asked.what === 'edit' && webhook) {
    return (
      <WebhookForm saved={webhookId} initial={textsOf(webhook)} onSaved={changed} onClose={asked.close} />
    );
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
              <WebhookButtons kind={data.webhook.kind} onAsk={asked.open} />
              <TestDelivery webhookId={webhookId} onSent={query.refresh} />
            </Stack>
          )
        }
      </QueryPanel>
      <TablePanel
        title="Newest deliveries"
        caption="Deliveries"
        query={query}
        empty={{ title: 'None yet', text: 'Nothing has been sent to this webhook.' }}
        rowsOf={(data) => data.webhook?.deliveries.nodes ?? []}
        keyOf={({ id }) => id}
        columns={deliveryColumns('alert')}
        dense
      />
      <ConfirmDialog
        title="Rotate the secret?"
        action="Create a new secret"
        document={Rotate}
        variables={asked.what === 'rotate' ? input : null}
        done="The secret is rotated."
        onClose={asked.close}
        onDone={({ rotateWebhookSecret }) => {
          secret.open(rotateWebhookSecret.secret);
          changed();
        }}
      >
        For a day, calls are signed with both the old and the new key, so that the receiver can switch.
      </ConfirmDialog>
      <ConfirmDialog
        title="Delete the webhook?"
        action="Delete"
        document={Delete}
        variables={asked.what === 'delete' ? input : null}
        done="The webhook is deleted."
        onClose={asked.close}
        onDone={() => {
          onChanged();
          setParams({ webhook: null });
        }}
      >
        Nothing more is sent to {webhookId}, and waiting deliveries are cancelled.
      </ConfirmDialog>
    </>
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
