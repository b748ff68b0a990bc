import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import type { OtlpSendersQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { cellColumn, numberColumn, textColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const OtlpSenders = graphql(`
  query OtlpSenders {
    otlpStatus {
      sender signal received rejected failedRequests firstAt lastAt lastError lastErrorAt
      became { dataset events lastAt }
      ignored { reason items example lastAt }
    }
  }
`);

type Sender = OtlpSendersQuery['otlpStatus'][number];

const nameOf = ({ sender }: Sender): string => sender ?? 'unnamed';

type Ignored = ReturnType<typeof ignoredOf>[number];

const ignoredOf = ({ otlpStatus }: OtlpSendersQuery) =>
  otlpStatus.flatMap((sender) =>
    sender.ignored.map((one) => ({
      ...one,
      key: `${nameOf(sender)} ${sender.signal} ${one.reason}`,
      sender,
    })),
  );

const IGNORED: readonly Column<Ignored>[] = [
  textColumn('sender', 'Sender', ({ sender }) => nameOf(sender)),
  textColumn('signal', 'Signal', ({ sender }) => sender.signal.toLowerCase(), {
    hideBelow: 'narrow',
  }),
  textColumn('reason', 'Reason', ({ reason }) => reason.toLowerCase().replaceAll('_', ' ')),
  textColumn('example', 'Example', ({ example }) => example),
  numberColumn('items', 'Items', 'count', ({ items }) => items),
  cellColumn('last', 'Last', ({ lastAt }) => <Time at={lastAt} zone={zone.value} />, {
    hideBelow: 'narrow',
  }),
];

/** What arrived by OTLP, by sender and signal: what it became, and what was ignored and why. */
export function Otlp() {
  const query = useQuery(OtlpSenders, () => ({}), { everyMs: 5_000 });
  return (
    <>
      <TablePanel
        title="Senders"
        query={query}
        empty={{
          title: 'Nothing has arrived over OTLP',
          text: 'Point OTEL_EXPORTER_OTLP_ENDPOINT of a service or an agent at this server.',
        }}
        rowsOf={({ otlpStatus }) => otlpStatus}
        keyOf={(sender) => `${nameOf(sender)} ${sender.signal}`}
        columns={SENDERS}
      />
      {query.data && ignoredOf(query.data).length > 0 && (
        <TablePanel
          title="What was ignored, and why"
          query={query}
          rowsOf={ignoredOf}
          keyOf={({ key }) => key}
          columns={IGNORED}
          dense
        />
      )}
    </>
  );
}

const SENDERS: readonly Column<Sender>[] = [
  textColumn('sender', 'Sender', nameOf),
  textColumn('signal', 'Signal', ({ signal }) => signal.toLowerCase(), { width: '80px' }),
  numberColumn('received', 'Received', 'count', ({ received }) => received),
  textColumn(
    'became',
    'Became',
    ({ became }) =>
      became.map(({ dataset, events }) => `${formatValue(events, 'count')} ${dataset}`).join(', ') ||
      'nothing',
  ),
  numberColumn(
    'ignored',
    'Ignored',
    'count',
    ({ ignored }) => ignored.reduce((sum, { items }) => sum + items, 0),
    { hideBelow: 'narrow' },
  ),
  numberColumn('rejected', 'Rejected', 'count', ({ rejected }) => rejected, { hideBelow: 'medium' }),
  cellColumn(
    'problem',
    'Last problem',
    ({ lastError, failedRequests }) =>
      lastError === null ? (
        <span class="muted">none</span>
      ) : (
        <Badge tone="bad" title={lastError}>
          {formatValue(failedRequests, 'count')} failed
        </Badge>
      ),
    { hideBelow: 'narrow' },
  ),
  cellColumn('last', 'Last', ({ lastAt }) => <Time at={lastAt} zone={zone.value} />),
];
