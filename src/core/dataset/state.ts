import { type ColumnType, text, timestamp, uuid } from './column.ts';
import type { RolledUp } from './rollup-set.ts';
import type { Complete } from './row.ts';
import { assertNaturalKey, type EntityTable, placeColumns } from './table.ts';

export interface StateDeclaration {
  /** Name of the list query: camelCase plural. */
  readonly name: string;
  /** Name of the GraphQL type and the Prisma model: PascalCase singular. */
  readonly entity: string;
  readonly table: string;
  /** Shown to users: what one state is. */
  readonly description: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** A column that identifies the state in its project; `id` is then derived from it and is no input. */
  readonly naturalKey?: string;
  /** Name of the time when it came to be, by which lists are sorted. Default: createdAt. */
  readonly cameToBe?: string;
  /** Such states never change: the name of their only time, which the server sets. Default: they have that time and `updatedAt`. */
  readonly writtenOnce?: string;
  /** Its list takes more than filter, order and page, and is added by the entity itself. */
  readonly ownList?: boolean;
  /** Columns that full-text search looks into, the weightiest first. */
  readonly searched?: readonly string[];
  readonly complete?: Complete;
}

/** A table of states: rows that live and change. It is stored like a dataset without measures and rollups. */
export interface StateTable extends Omit<StateDeclaration, 'columns'>, EntityTable, RolledUp {}

/**
 * Declares a state: its table and columns. Input types and validation, filters, orders, lists and nodes follow from this
 * value; its mutations are written beside it.
 */
export function defineState(declaration: StateDeclaration): StateTable {
  const { writtenOnce, cameToBe = 'createdAt' } = declaration;
  const times =
    writtenOnce === undefined ? { [cameToBe]: CAME_TO_BE, updatedAt: STORED } : { [writtenOnce]: WRITTEN };
  const state: StateTable = {
    ...declaration,
    ...placeColumns({ ...commonColumns(declaration), ...declaration.columns, ...times }),
    measures: [],
    histogramMeasures: [],
    hasSuccess: false,
    rollups: [],
    timeColumn: writtenOnce ?? cameToBe,
    storedAtColumn: writtenOnce ?? 'updatedAt',
  };
  assertNaturalKey(state);
  return state;
}

function commonColumns({ naturalKey }: StateDeclaration): Record<string, ColumnType> {
  return {
    projectId: text({ source: 'server', description: 'The project (tenant) that the state belongs to.' }),
    id: uuid({
      source: naturalKey === undefined ? 'client-or-server' : 'server',
      description:
        naturalKey === undefined
          ? 'UUID. Default: a new UUIDv7.'
          : `UUID derived from the project and ${naturalKey}.`,
    }),
  };
}

const WRITTEN = timestamp({ source: 'server', description: 'When it was written (UTC, milliseconds).' });
const CAME_TO_BE = timestamp({
  source: 'client-or-server',
  past: true,
  description:
    'When it came to be (UTC, milliseconds). Default: now. More than 24 h in the future is refused.',
});
const STORED = timestamp({ source: 'server', description: 'When it was last stored (UTC, milliseconds).' });
