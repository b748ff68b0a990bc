import { toCsv } from '../format/csv.ts';
import { download } from './download.ts';
import type { MenuItem } from './menu.tsx';
import type { PanelTable } from './panel.tsx';
import { notify } from './toast.tsx';

interface MenuOf {
  title: string;
  table?: PanelTable;
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

/** What the menu of a panel offers of what it shows. */
export function menuItems({
  title,
  table,
  csvName,
  query,
  onOpenInGraphiql,
  asTable,
  onTable,
}: MenuOf): MenuItem[] {
  const name = csvName ?? fileName(title);
  const ofTable: MenuItem[] =
    table === undefined
      ? []
      : [
          {
            label: asTable ? 'Show as chart' : 'Show as table',
            icon: asTable ? 'chart' : 'table',
            onSelect: onTable,
          },
          {
            label: 'Download CSV',
            icon: 'download',
            onSelect: () => download(`${name}.csv`, 'text/csv', toCsv(table.columns, table.rows)),
          },
          {
            label: 'Download JSON',
            icon: 'download',
            onSelect: () => download(`${name}.json`, 'application/json', asJson(table)),
          },
        ];
  return [
    ...ofTable,
    ...(query === undefined
      ? []
      : [{ label: 'Copy query', icon: 'copy', onSelect: () => void copy(query) } as const]),
    ...(onOpenInGraphiql === undefined
      ? []
      : [{ label: 'Open in GraphiQL', icon: 'external', onSelect: onOpenInGraphiql } as const]),
  ];
}
