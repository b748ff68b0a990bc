import { graphql } from '../../data/graphql.ts';
import { useLive } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import { Badge } from '../../parts/badge.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Row } from '../../parts/row.tsx';
import { Stack } from '../../parts/stack.tsx';
import { param } from '../../state/location.ts';
import { deliveryColumns } from '../shared/delivery-columns.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { SEVERITY_TONES, STATUS_TONES } from '../shared/tones.ts';
import { inWords } from '../shared/words.ts';
import { AlertActions } from './alert-actions.tsx';
import { AlertFacts } from './alert-facts.tsx';
import { showAlert } from './list.ts';

const OneAlert = graphql(`
  query OneAlert($alertId: String!) {
    alert(alertId: $alertId) {
      id alertId title message type severity status source labels metadata value threshold
      raisedAt acknowledgedAt acknowledgedBy resolvedAt resolvedBy resolution
      rule { ruleId name dataset aggregate measure quantile window comparator warning critical }
    }
  }
`);

const ItsDeliveries = graphql(`
  query DeliveriesOfAlert($alertId: String!) {
    alert(alertId: $alertId) {
      id
      deliveries(first: 100) {
        nodes {
          id webhookId alertId event status attempt statusCode error durationMs scheduledAt startedAt responseBody
        }
      }
    }
  }
`);

const OneAlertChanged = graphql(`
  subscription OneAlertChanged {
    alertChanged { id alertId }
  }
`);

/** The alert that the URL names, beside the list. */
export function AlertDialog({ onChanged }: { onChanged: () => void }) {
  const alertId = param('alert').value;
  return (
    <Dialog title="Alert" side open={alertId !== null} onClose={() => showAlert(null)}>
      {alertId !== null && <AlertDetail key={alertId} alertId={alertId} onChanged={onChanged} />}
    </Dialog>
  );
}

function AlertDetail({ alertId, onChanged }: { alertId: string; onChanged: () => void }) {
  const variables = () => ({ alertId });
  const query = useQuery(OneAlert, variables);
  const deliveries = useQuery(ItsDeliveries, variables, { everyMs: 5_000 });
  const refresh = () => {
    query.refresh();
    deliveries.refresh();
  };
  useLive(OneAlertChanged, () => ({}), {
    onEvent: ({ alertChanged }) => alertChanged.alertId === alertId && refresh(),
    onResumed: refresh,
  });
  return (
    <>
      <QueryPanel
        title={query.data?.alert?.title ?? 'Alert'}
        query={query}
        isEmpty={({ alert }) => alert === null}
        empty={{ title: 'No such alert', text: 'It has expired, or belongs to another project.' }}
      >
        {({ alert }) =>
          alert && (
            <Stack>
              <Row gap="tight">
                <Badge tone={SEVERITY_TONES[alert.severity]}>{inWords(alert.severity)}</Badge>
                <Badge tone={STATUS_TONES[alert.status]}>{inWords(alert.status)}</Badge>
                <Badge>{inWords(alert.type)}</Badge>
              </Row>
              <AlertFacts alert={alert} />
              <AlertActions
                alert={alert}
                onChanged={() => {
                  refresh();
                  onChanged();
                }}
              />
            </Stack>
          )
        }
      </QueryPanel>
      <TablePanel
        title="Deliveries"
        subtitle="Each attempt to notify a webhook, newest first"
        query={deliveries}
        empty={{
          title: 'Nobody was notified',
          text: 'No webhook accepts this alert, or there are no webhooks.',
        }}
        rowsOf={({ alert }) => alert?.deliveries.nodes ?? []}
        keyOf={({ id }) => id}
        columns={deliveryColumns('webhook')}
        dense
      />
    </>
  );
}
