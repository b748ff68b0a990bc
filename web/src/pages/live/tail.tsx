import { type Signal, useSignal, useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { AskError, ask } from '../../data/ask.ts';
import { comebacks } from '../../data/connection.ts';
import { type Document, documentOf } from '../../data/document.ts';
import { useLive } from '../../data/live.ts';
import { formatTime } from '../../format/time.ts';
import { formatValue } from '../../format/value.ts';
import type { DatasetName } from '../../generated/graphql.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Tree } from '../../parts/tree.tsx';
import { param } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { filterOf, readWhere } from '../shared/conditions.ts';
import { KEPT, recordedNow, recordedSince } from '../shared/dataset-documents.ts';
import { datasetOfSchema } from '../shared/dataset-of-schema.ts';
import { unitOf } from '../shared/measure-unit.ts';

interface Event {
  readonly id: string;
  readonly timestamp: string;
  readonly receivedAt: string;
  readonly [column: string]: unknown;
}

const COLUMNS_SHOWN = 8;

export interface TailProps {
  readonly dataset: DatasetName;
  readonly isPaused: Signal<boolean>;
}

/**
 * The newest events as they are stored. What a lost connection missed is requested when it is back.
 */
function useTail({ dataset, isPaused }: TailProps) {
  const events = useSignal<readonly Event[]>([]);
  const dropped = useSignal(0);
  const failure = useSignal<string | null>(null);
  const { subscription, list } = documentsOf(dataset);
  const filter = () => filterOf(readWhere(param('where').value));

  const add = (some: readonly Event[]) => {
    const known = new Set(events.peek().map(({ id }) => id));
    const fresh = some.filter(({ id }) => !known.has(id));
    events.value = [...fresh, ...events.peek()].slice(0, KEPT);
  };
  /**
   * Requests the events stored since the newest one on the page, or the newest events if the page
   * has none.
   */
  const catchUp = async () => {
    const [newest] = events.peek();
    const since = newest === undefined ? [] : [{ receivedAt: { gte: newest.receivedAt } }];
    const own = filter();
    try {
      const answer = await ask(list, { filter: { and: [...since, ...(own === null ? [] : [own])] } });
      add(answer.events.nodes);
    } catch (error) {
      // When the server is back, it is asked again.
      if (!(error instanceof AskError && error.code === 'UNREACHABLE')) failure.value = String(error);
    }
  };
  useSignalEffect(() => {
    void [comebacks.value, isPaused.value];
    if (!isPaused.value || events.peek().length === 0) void catchUp();
  });
  useLive(subscription, () => (isPaused.value ? null : { filter: filter() }), {
    onEvent: ({ event }, lost) => {
      failure.value = null;
      dropped.value += lost;
      add([event]);
    },
    // The subscription starts again a moment after the connection is back.
    onResumed: () => setTimeout(catchUp, 500),
    onError: (message) => {
      failure.value = message;
    },
  });
  return { events, dropped, failure };
}

/** The newest events, and each one as it is stored. */
export function Tail(props: TailProps) {
  const { dataset, isPaused } = props;
  const { columns } = datasetOfSchema(dataset);
  const { events, dropped, failure } = useTail(props);
  const opened = useSignal<Event | null>(null);
  return (
    <>
      <div role="status">
        {failure.value}
        {dropped.value > 0 &&
          `${formatValue(dropped.value, 'count')} events arrived faster than this page could show them, and were skipped.`}
      </div>
      <Panel
        title={isPaused.value ? 'Paused' : 'Live'}
        state={events.value.length === 0 ? 'empty' : 'ready'}
        empty={{ title: 'Waiting for events', text: 'New events appear here as they are stored.' }}
        table={{
          columns: ['timestamp', ...columns].map((key) => ({ key, title: key })),
          rows: [...events.value] as never,
        }}
        flush
      >
        <DataTable
          caption="Newest events"
          dense
          rows={events.value}
          keyOf={({ id }) => id}
          onOpen={(event) => {
            opened.value = event;
          }}
          columns={[
            {
              key: 'time',
              title: 'Time',
              cell: ({ timestamp }) => formatTime(Date.parse(timestamp), zone.value, 'exact'),
              width: '160px',
            },
            // A row shows the most telling columns; the event that it opens has all of them.
            ...shownColumns(columns).map((name, at) => ({
              key: name,
              title: name,
              ...(at >= 2 && { hideBelow: at < 5 ? ('narrow' as const) : ('medium' as const) }),
              cell: (event: Event) => textOf(event[name], name),
            })),
          ]}
        />
      </Panel>
      {opened.value && (
        <Panel title="The event">
          <Tree value={opened.value} open={2} />
        </Panel>
      )}
    </>
  );
}

const FIRST = [
  'service',
  'provider',
  'model',
  'endpoint',
  'tool',
  'errorType',
  'success',
  'statusCode',
  'latencyMs',
  'durationMs',
  'cost',
  'agentId',
];

/** The most telling columns, as far as there is space. */
const shownColumns = (columns: readonly string[]): string[] =>
  [
    ...FIRST.filter((name) => columns.includes(name)),
    ...columns.filter((name) => !FIRST.includes(name)),
  ].slice(0, COLUMNS_SHOWN);

function textOf(value: unknown, name: string): ComponentChildren {
  if (typeof value === 'number') return formatValue(value, unitOf(name));
  return value === null || value === undefined ? '–' : String(value);
}

interface TailDocuments {
  readonly subscription: Document<{ event: Event }, Record<string, unknown>>;
  readonly list: Document<{ events: { nodes: Event[] } }, Record<string, unknown>>;
}

function documentsOf(dataset: DatasetName): TailDocuments {
  const { columns, ids } = datasetOfSchema(dataset);
  return {
    subscription: documentOf(recordedNow(dataset, columns), ids.now),
    list: documentOf(recordedSince(dataset, columns), ids.since),
  };
}
