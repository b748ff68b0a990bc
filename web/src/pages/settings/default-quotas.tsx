import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import type { DefaultQuotasQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { cellColumn, textColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const Defaults = graphql(`
  query DefaultQuotas {
    defaultQuotas {
      key { eventsPerMinute eventsPerDay queryCostPerMinute }
      address { eventsPerMinute eventsPerDay queryCostPerMinute }
    }
  }
`);

type Quotas = DefaultQuotasQuery['defaultQuotas']['key'];

export const useDefaultQuotas = () => useQuery(Defaults, () => ({}));

/** A quota in words: what none means is said. */
export const quotaInWords = (quota: number | null | undefined): string =>
  quota == null ? 'no quota' : formatValue(quota, 'count', 'long');

interface Line extends Quotas {
  readonly whose: string;
}

const COLUMNS: readonly Column<Line>[] = [
  textColumn('whose', 'Of', ({ whose }) => whose),
  quotaColumn('minute', 'Events per minute', ({ eventsPerMinute }) => eventsPerMinute),
  quotaColumn('day', 'Events per day', ({ eventsPerDay }) => eventsPerDay),
  quotaColumn('cost', 'Query cost per minute', ({ queryCostPerMinute }) => queryCostPerMinute),
];

function quotaColumn(key: string, title: string, read: (line: Line) => number | null): Column<Line> {
  return cellColumn(key, title, (line) => quotaInWords(read(line)), { align: 'right' });
}

/** What applies where a key has no quota of its own, and to each address. */
export function DefaultQuotas() {
  return (
    <TablePanel
      title="Default quotas"
      subtitle="Of keys without one of their own, and of each address. The environment of the server sets them: KEY_EVENTS_PER_MINUTE and others."
      query={useDefaultQuotas()}
      empty={{ text: '' }}
      rowsOf={({ defaultQuotas: { key, address } }) => [
        { whose: 'each API key', ...key },
        { whose: 'each IP address', ...address },
      ]}
      keyOf={({ whose }) => whose}
      columns={COLUMNS}
    />
  );
}
