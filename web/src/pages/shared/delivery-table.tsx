import { formatValue } from '../../format/value.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { DELIVERY_TONES } from './tones.ts';

interface Delivery {
  readonly id: string;
  readonly webhookId: string;
  readonly alertId: string;
  readonly event: string;
  readonly status: string;
  readonly attempt: number;
  readonly statusCode?: number | null;
  readonly error?: string | null;
  readonly responseBody?: string | null;
  readonly durationMs?: number | null;
  readonly scheduledAt: string;
  readonly startedAt?: string | null;
  /** Asked for where the alerts are told apart. */
  readonly alert?: { readonly title: string } | null;
}

/** Attempts to tell a webhook about an alert. `of` is what tells them apart: the other side. */
export function DeliveryTable({
  deliveries,
  of,
}: {
  deliveries: readonly Delivery[];
  of: 'webhook' | 'alert';
}) {
  return (
    <DataTable
      caption="Deliveries"
      dense
      rows={deliveries}
      keyOf={({ id }) => id}
      columns={[
        {
          key: 'time',
          title: 'Time',
          cell: ({ startedAt, scheduledAt }) => <Time at={startedAt ?? scheduledAt} zone={zone.value} />,
          width: '80px',
        },
        {
          key: 'status',
          title: 'Outcome',
          cell: ({ status }) => <Badge tone={DELIVERY_TONES[status]}>{status.toLowerCase()}</Badge>,
          width: '100px',
        },
        {
          key: 'attempt',
          title: 'Attempt',
          unit: 'count',
          value: ({ attempt }) => attempt,
          hideBelow: 'medium',
        },
        { key: 'answer', title: 'Answer', value: answerOf, width: '32%' },
        of === 'webhook'
          ? { key: 'webhook', title: 'Webhook', value: ({ webhookId }) => webhookId }
          : { key: 'alert', title: 'Alert', cell: (delivery) => <AlertLink {...delivery} />, width: '30%' },
        { key: 'event', title: 'Event', value: ({ event }) => event.toLowerCase(), hideBelow: 'narrow' },
        {
          key: 'took',
          title: 'Took',
          cell: ({ durationMs }) => formatValue(durationMs, 'ms'),
          align: 'right',
          hideBelow: 'medium',
        },
      ]}
    />
  );
}

/** A test is of an alert that is not stored. */
function AlertLink({ alertId, event, alert }: Delivery) {
  if (event === 'TEST') return <>a test</>;
  return <a href={linkTo('/alerts', { alert: alertId, status: 'all' })}>{alert?.title ?? alertId}</a>;
}

const answerOf = ({ statusCode, error, responseBody }: Delivery): string =>
  error ?? [statusCode, responseBody].filter(Boolean).join(' ');
