import type { ComponentChildren } from 'preact';
import { Button } from './button.tsx';
import type { Column } from './column.ts';
import { DataTable } from './data-table.tsx';
import { Empty } from './empty.tsx';
import type { PanelTable } from './panel-table.ts';

/** The states of a panel. */
export type PanelState = 'loading' | 'ready' | 'empty' | 'failed' | 'forbidden';

/** The state of a panel, and what it shows in each. */
export interface PanelStates {
  state?: PanelState;
  /** For `failed`: the server's explanation. */
  error?: string | null;
  onRetry?(): void;
  /** For `empty`: what is missing, possible reasons, and what can be done. */
  empty?: { title?: string; text?: ComponentChildren; action?: ComponentChildren };
  /** For `forbidden`: the missing scope, for example "ADMIN". */
  scope?: string;
  /** For `loading`: the height of the content in pixels, so that nothing moves when it arrives. */
  height?: number;
  /** The content. A function is called only when the panel is ready. */
  children?: ComponentChildren | (() => ComponentChildren);
}

interface PanelBodyProps extends PanelStates {
  title: string;
  /** Shown in place of the content. */
  table: PanelTable | undefined;
}

/** The content of a panel, or what is shown in its place. */
export function PanelBody(props: PanelBodyProps) {
  const { title, state = 'ready', height = 180, children, table } = props;
  if (state === 'loading') return <Skeleton height={height} />;
  if (state === 'failed') return <Failed {...props} />;
  if (state === 'empty') {
    const { empty } = props;
    return (
      <Empty title={empty?.title ?? 'Nothing in this range'} action={empty?.action}>
        {empty?.text}
      </Empty>
    );
  }
  if (state === 'forbidden') return <Forbidden scope={props.scope} />;
  if (table !== undefined) return <RowsOf title={title} table={table} />;
  return <>{typeof children === 'function' ? children() : children}</>;
}

function Skeleton({ height }: { height: number }) {
  return (
    <div class="skeleton" style={{ height: `${height}px` }} role="status">
      <span class="visually-hidden">Loading…</span>
    </div>
  );
}

function Failed({ error, onRetry }: PanelStates) {
  const retry = onRetry && (
    <Button icon="refresh" onClick={onRetry}>
      Try again
    </Button>
  );
  return (
    <div role="alert">
      <Empty title="This could not be loaded" icon="alert" action={retry}>
        {error ?? 'The server gave no reason.'}
      </Empty>
    </div>
  );
}

function Forbidden({ scope }: { scope: string | undefined }) {
  return (
    <Empty title="Your key does not permit this" icon="lock">
      {scope === undefined ? 'Use' : `It requires the scope ${scope}. Use`} another key, or ask whoever runs
      this server for one.
    </Empty>
  );
}

type TableRow = PanelTable['rows'][number] & { readonly [ROW]: string };

/** The key of a row is its index: fields need not be unique. */
const ROW = Symbol('row');

function RowsOf({ title, table }: { title: string; table: PanelTable }) {
  const columns = table.columns.map(
    ({ key, title: name, unit, show }): Column<TableRow> => ({
      key,
      title: name,
      sortable: true,
      ...(unit !== undefined && { unit }),
      value: (row) => scalarOf(row[key]),
      ...(show && { cell: (row: TableRow) => show(String(row[key])) }),
    }),
  );
  const rows = table.rows.map((row, index) => ({ ...row, [ROW]: String(index) }));
  return (
    <DataTable
      caption={title}
      columns={columns}
      rows={rows}
      keyOf={(row) => row[ROW]}
      dense
      maxHeight={360}
    />
  );
}

function scalarOf(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value);
}
