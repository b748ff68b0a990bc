import { text, timestamp, uuid } from './column.ts';
import type { ColumnTypes, NameOf, NameOfKind } from './names.ts';
import type { RolledUp } from './rollup-set.ts';
import { type Complete, compileView } from './row.ts';
import { assertNaturalKey, columnOf, type EntityTable, placeColumns } from './table.ts';
import type { Draft } from './values.ts';

/** The query of one state by its natural key. It is named after the entity: `task(taskId)`. */
export interface KeyQuery {
  /** Shown to users: what it answers, and when that is null. */
  readonly description: string;
  /** Shown to users: what the key is. */
  readonly key: string;
  /**
   * True: the query rejects text that cannot be a key, as the mutations do. Default: it returns
   * null.
   */
  readonly refusesOdd?: boolean;
}

/**
 * The declaration of a state. `Own` are its columns, `Came` and `Written` the names of its times.
 */
interface StateDeclaration<Own extends ColumnTypes, Came extends string, Written extends string> {
  /** Name of the list query: camelCase plural. */
  readonly name: string;
  /** Name of the GraphQL type and the Prisma model: PascalCase singular. */
  readonly entity: string;
  readonly table: string;
  /** Shown to users: what one state is. */
  readonly description: string;
  readonly columns: Own;
  /**
   * A column that identifies the state in its project. Then `id` is derived from it and is not an
   * input.
   */
  readonly naturalKey?: NoInfer<NameOf<Own>>;
  /** Adds a query by the natural key, which it requires. */
  readonly byKey?: KeyQuery;
  /** Name of the creation time, by which lists are sorted. Default: createdAt. */
  readonly cameToBe?: Came;
  /**
   * For states that never change: the name of their only time, which the server sets. Default:
   * states have a creation time and `updatedAt`.
   */
  readonly writtenOnce?: Written;
  /**
   * True if the entity adds the list itself, because the list takes more than a filter, an order
   * and a page.
   */
  readonly ownList?: boolean;
  /** Columns that full-text search uses, the highest weight first. */
  readonly searched?: readonly NoInfer<NameOfKind<Own, 'text'>>[];
  /** Fills in, in place, the values that the server computes. */
  readonly complete?: (state: Draft<Own>, services: never) => void;
}

interface AnyStateDeclaration
  extends Omit<StateDeclaration<ColumnTypes, string, string>, 'naturalKey' | 'searched' | 'complete'> {
  readonly naturalKey?: string;
  readonly searched?: readonly string[];
  readonly complete?: (state: never, services: never) => void;
}

/** All columns of a state whose own columns are `Own`. */
type StateColumns<Own extends ColumnTypes, Came extends string, Written extends string> = Own &
  ReturnType<typeof firstColumns> &
  Readonly<Record<[Written] extends [never] ? Came | 'updatedAt' : Written, typeof STORED>>;

/**
 * A table of states: rows that live and change. The store treats it like a dataset without measures
 * and rollups.
 */
export interface StateTable<Columns extends ColumnTypes = ColumnTypes>
  extends EntityTable<Columns>,
    RolledUp {
  readonly kind: 'state';
  readonly cameToBe?: string;
  readonly writtenOnce?: string;
  readonly byKey?: KeyQuery;
  readonly ownList?: boolean;
  readonly searched?: readonly string[];
  readonly complete?: Complete;
}

/**
 * Declares a state: its table and columns. Input types and validation, filters, orders, lists and
 * nodes follow from this value; its mutations are written by hand. The compiler checks each column
 * name.
 *
 * @throws Error if the declaration contradicts itself.
 */
export function defineState<
  const Own extends ColumnTypes,
  const Came extends string = 'createdAt',
  const Written extends string = never,
>(declaration: StateDeclaration<Own, Came, Written>): StateTable<StateColumns<Own, Came, Written>>;
export function defineState(declaration: AnyStateDeclaration): StateTable {
  const { name, naturalKey, writtenOnce, cameToBe = 'createdAt', complete } = declaration;
  const times =
    writtenOnce === undefined ? { [cameToBe]: CAME_TO_BE, updatedAt: STORED } : { [writtenOnce]: WRITTEN };
  const placed = placeColumns<ColumnTypes>(name, [firstColumns(naturalKey), declaration.columns, times]);
  const view = compileView(placed.columns);
  const state: StateTable = {
    ...declaration,
    ...placed,
    kind: 'state',
    measures: [],
    histogramMeasures: [],
    hasSuccess: false,
    rollups: [],
    timeColumn: writtenOnce ?? cameToBe,
    storedAtColumn: writtenOnce ?? 'updatedAt',
    complete: complete && ((row, services) => complete(view(row), services)),
  };
  for (const searched of state.searched ?? []) columnOf(state, searched);
  assertNaturalKey(state);
  const address = state.columns.find(({ ipAddress }) => ipAddress);
  if (address !== undefined) {
    throw new Error(
      `${state.name}.${address.name}: only events have IP addresses, which their project may truncate`,
    );
  }
  if (state.byKey !== undefined && state.naturalKey === undefined) {
    throw new Error(`${state.name}: a query by its natural key needs a natural key`);
  }
  return state;
}

const firstColumns = (naturalKey: string | undefined) => ({
  projectId: text({ source: 'server', description: 'The project (tenant) that the state belongs to.' }),
  id: uuid({
    source: naturalKey === undefined ? 'client-or-server' : 'server',
    description:
      naturalKey === undefined
        ? 'UUID. Default: a new UUIDv7.'
        : `UUID derived from the project and ${naturalKey}.`,
  }),
});

const WRITTEN = timestamp({
  source: 'server',
  description: 'When the change was stored (UTC, milliseconds).',
});
const CAME_TO_BE = timestamp({
  source: 'client-or-server',
  past: true,
  description:
    'Creation time (UTC, milliseconds). Default: now. Times more than 24 h in the future are rejected.',
});
const STORED = timestamp({ source: 'server', description: 'Time of the last write (UTC, milliseconds).' });
