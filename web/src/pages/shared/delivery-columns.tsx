import { formatValue } from '../../format/value.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { Time } from '../../parts/time.tsx';
import { linkTo } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { cellColumn, numberColumn, textColumn } from './columns.tsx';
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
  /** Loaded where rows are distinguished by alert. */
  readonly alert?: { readonly title: string } | null;
}

/**
 * The columns of attempts to notify a webhook of an alert. `of` is the other side, which
 * distinguishes the rows.
 */
export const deliveryColumns = (of: 'webhook' | 'alert'): readonly Column<Delivery>[] => [
  cellColumn(
    'time',
    'Time',
    ({ startedAt, scheduledAt }) => <Time at={startedAt ?? scheduledAt} zone={zone.value} />,
    { width: '80px' },
  ),
  cellColumn(
    'status',
    'Outcome',
    ({ status }) => <Badge tone={DELIVERY_TONES[status]}>{status.toLowerCase()}</Badge>,
    { width: '100px' },
  ),
  numberColumn('attempt', 'Attempt', 'count', ({ attempt }) => attempt, { hideBelow: 'medium' }),
  textColumn('answer', 'Answer', answerOf, { width: '32%' }),
  of === 'webhook'
    ? textColumn('webhook', 'Webhook', ({ webhookId }) => webhookId)
    : cellColumn('alert', 'Alert', (delivery) => <AlertLink {...delivery} />, { width: '30%' }),
  textColumn('event', 'Event', ({ event }) => event.toLowerCase(), { hideBelow: 'narrow' }),
  cellColumn('took', 'Took', ({ durationMs }) => formatValue(durationMs, 'ms', 'column'), {
    align: 'right',
    hideBelow: 'medium',
  }),
];

/** A test is about an alert that is not stored. */
function AlertLink({ alertId, event, alert }: Delivery) {
  if (event === 'TEST') return <>a test</>;
  return <a href={linkTo('/alerts', { alert: alertId, status: 'all' })}>{alert?.title ?? alertId}</a>;
}

const answerOf = ({ statusCode, error, responseBody }: Delivery): string =>
  error ?? [statusCode, responseBody].filter(Boolean).join(' ');
