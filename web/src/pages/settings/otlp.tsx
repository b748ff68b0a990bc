import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import type { OtlpSendersQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

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

/** What arrived by OTLP, by sender and signal: what it became, and what was left out and why. */
export function Otlp() {
  const query = useQuery(OtlpSenders, () => ({}), { everyMs: 5_000 });
  const shared = { query, document: OtlpSenders, variables: {}, flush: true };
  const ignored = (query.data?.otlpStatus ?? []).flatMap((sender) =>
    sender.ignored.map((one) => ({
      ...one,
      key: `${nameOf(sender)} ${sender.signal} ${one.reason}`,
      sender,
    })),
  );
  return (
    <>
      <QueryPanel
        {...shared}
        title="Senders"
        isEmpty={({ otlpStatus }) => otlpStatus.length === 0}
        empty={{
          title: 'Nothing has arrived by OTLP',
          text: 'Point OTEL_EXPORTER_OTLP_ENDPOINT of a service or an agent at this server.',
        }}
      >
        {({ otlpStatus }) => <SenderTable senders={otlpStatus} />}
      </QueryPanel>
      {ignored.length > 0 && (
        <QueryPanel {...shared} title="What was ignored, and why">
          {() => (
            <DataTable
              caption="What was ignored, and why"
              dense
              rows={ignored}
              keyOf={({ key }) => key}
              columns={[
                { key: 'sender', title: 'Sender', value: ({ sender }) => nameOf(sender) },
                {
                  key: 'signal',
                  title: 'Signal',
                  value: ({ sender }) => sender.signal.toLowerCase(),
                  hideBelow: 'narrow',
                },
                {
                  key: 'reason',
                  title: 'Why',
                  value: ({ reason }) => reason.toLowerCase().replaceAll('_', ' '),
                },
                { key: 'example', title: 'An example', value: ({ example }) => example },
                { key: 'items', title: 'Items', unit: 'count', value: ({ items }) => items },
                {
                  key: 'last',
                  title: 'Last',
                  cell: ({ lastAt }) => <Time at={lastAt} zone={zone.value} />,
                  hideBelow: 'narrow',
                },
              ]}
            />
          )}
        </QueryPanel>
      )}
    </>
  );
}

function SenderTable({ senders }: { senders: readonly Sender[] }) {
  return (
    <DataTable
      caption="Senders"
      rows={senders}
      keyOf={(sender) => `${nameOf(sender)} ${sender.signal}`}
      columns={[
        { key: 'sender', title: 'Sender', value: nameOf },
        { key: 'signal', title: 'Signal', value: ({ signal }) => signal.toLowerCase(), width: '80px' },
        { key: 'received', title: 'Came', unit: 'count', value: ({ received }) => received },
        {
          key: 'became',
          title: 'Became',
          value: ({ became }) =>
            became.map(({ dataset, events }) => `${formatValue(events, 'count')} ${dataset}`).join(', ') ||
            'nothing',
        },
        {
          key: 'ignored',
          title: 'Ignored',
          unit: 'count',
          value: ({ ignored }) => ignored.reduce((sum, { items }) => sum + items, 0),
          hideBelow: 'narrow',
        },
        {
          key: 'rejected',
          title: 'Rejected',
          unit: 'count',
          value: ({ rejected }) => rejected,
          hideBelow: 'medium',
        },
        {
          key: 'problem',
          title: 'Last problem',
          cell: ({ lastError, failedRequests }) =>
            lastError === null ? (
              <span class="muted">none</span>
            ) : (
              <Badge tone="bad" title={lastError}>
                {formatValue(failedRequests, 'count')} failed
              </Badge>
            ),
          hideBelow: 'narrow',
        },
        { key: 'last', title: 'Last', cell: ({ lastAt }) => <Time at={lastAt} zone={zone.value} /> },
      ]}
    />
  );
}
