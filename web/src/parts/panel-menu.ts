import { toCsv } from '../format/csv.ts';
import type { Unit } from '../format/value.ts';
import { download } from './download.ts';
import type { MenuItem } from './menu.tsx';
import type { PanelTable } from './panel-table.ts';
import { notify } from './toast.tsx';

interface MenuOf {
  title: string;
  table?: PanelTable;
  /** Reads the rows of the parts within if the panel has no table of its own. */
  offered: (() => PanelTable) | undefined;
  csvName?: string;
  query?: string;
  onOpenInGraphiql?(): void;
  asTable: boolean;
  onTable(): void;
}

const fileName = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

const asJson = ({ columns, rows }: PanelTable) =>
  JSON.stringify(
    rows.map((row) => Object.fromEntries(columns.map(({ key }) => [key, row[key] ?? null]))),
    null,
    2,
  );

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify('Copied.');
  } catch {
    notify('The browser does not allow copying here.', 'bad');
  }
}

/** The suffix of a column title in a file, where numbers have no unit. */
const UNITS: Partial<Record<Unit, string>> = {
  usd: 'USD',
  ms: 'ms',
  seconds: 's',
  bytes: 'bytes',
  perMinute: 'per minute',
};

const titled = ({ columns }: PanelTable) =>
  columns.map(({ key, title, unit }) => {
    const name = unit && UNITS[unit];
    return { key, title: name === undefined ? title : `${title} (${name})` };
  });

const downloads = (name: string, read: () => PanelTable): MenuItem[] => [
  {
    label: 'Download CSV',
    icon: 'download',
    onSelect: () => {
      const table = read();
      download(`${name}.csv`, 'text/csv', toCsv(titled(table), table.rows));
    },
  },
  {
    label: 'Download JSON',
    icon: 'download',
    onSelect: () => download(`${name}.json`, 'application/json', asJson(read())),
  },
];

/** What the menu of a panel offers. */
export function menuItems(panel: MenuOf): MenuItem[] {
  const { title, table, offered, csvName, query, onOpenInGraphiql, asTable, onTable } = panel;
  const read = table === undefined ? offered : () => table;
  const items: MenuItem[] = [];
  if (table !== undefined) {
    items.push({
      label: asTable ? 'Show as chart' : 'Show as table',
      icon: asTable ? 'chart' : 'table',
      onSelect: onTable,
    });
  }
  if (read !== undefined) items.push(...downloads(csvName ?? fileName(title), read));
  if (query !== undefined) {
    items.push({ label: 'Copy query', icon: 'copy', onSelect: () => void copy(query) });
  }
  if (onOpenInGraphiql !== undefined) {
    items.push({ label: 'Open in GraphiQL', icon: 'external', onSelect: onOpenInGraphiql });
  }
  return items;
}
