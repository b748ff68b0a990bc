import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Row } from '../../parts/row.tsx';
import { DELIVERY_TONES } from '../shared/tones.ts';

const SendTest = graphql(`
  mutation SendTestAlert($input: SendTestAlertInput!) {
    sendTestAlert(input: $input) { delivery { id } }
  }
`);

const Outcome = graphql(`
  query TestOutcome($id: ID!) {
    node(id: $id) {
      ... on AlertDelivery { status statusCode error durationMs }
    }
  }
`);

/** Sends an alert that says it is a test, and shows the outcome. */
export function TestDelivery({ webhookId, onSent }: { webhookId: string; onSent: () => void }) {
  const { run, isBusy, error } = useAction(SendTest);
  const sent = useSignal<string | null>(null);
  async function send() {
    sent.value = null;
    const done = await run({ input: { webhookId } });
    sent.value = done?.sendTestAlert.delivery.id ?? null;
    onSent();
  }
  return (
    <>
      <Row>
        <Button kind="primary" icon="play" busy={isBusy} onClick={send}>
          Send a test
        </Button>
        {sent.value !== null && <TestOutcome key={sent.value} id={sent.value} />}
      </Row>
      {error !== null && (
        <p class="field-error" role="alert">
          {error.message}
        </p>
      )}
    </>
  );
}

function TestOutcome({ id }: { id: string }) {
  const { data } = useQuery(Outcome, () => ({ id }), {
    everyMs: 1_000,
    until: ({ node }) => !!node && 'status' in node && node.status !== 'SCHEDULED',
  });
  const delivery = data?.node;
  if (!delivery || !('status' in delivery)) return <span class="muted">It is on its way.</span>;
  const { status, statusCode, error, durationMs } = delivery;
  return (
    <span role="status">
      <Badge tone={DELIVERY_TONES[status]}>{status.toLowerCase()}</Badge>{' '}
      {status === 'SCHEDULED'
        ? 'It is on its way.'
        : (error ?? `answered ${statusCode} in ${formatValue(durationMs, 'ms')}`)}
    </span>
  );
}
