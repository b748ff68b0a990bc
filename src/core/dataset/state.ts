import { text, timestamp, uuid } from './column.ts';
import type { ColumnTypes, NameOf, NameOfKind } from './names.ts';
import type { RolledUp } from './rollup-set.ts';
import { type Complete, compileView } from './row.ts';
import { assertNaturalKey, columnOf, type EntityTable, placeColumns } from './table.ts';
import type { Draft } from './values.ts';

/** The query of one state by its natural key. It has the name of the entity: `task(taskId)`. */
export interface KeyQuery {
  /** Shown to users: what it answers, and when that is null. */
  readonly description: string;
  /** Shown to users: what the key is. */
  readonly key: string;
  /** Text that cannot be a key is refused, as in the mutations. Default: nothing is found by it. */
  readonly refusesOdd?: boolean;
}

/** What is said of a state. `Own` are its columns, `Came` and `Written` the names of its times. */
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
   * A column that identifies the state in its project; `id` is then derived from it and is no
   * input.
   */
  readonly naturalKey?: NoInfer<NameOf<Own>>;
  /** It has a natural key, and a query by it. */
  readonly byKey?: KeyQuery;
  /** Name of the time when it came to be, by which lists are sorted. Default: createdAt. */
  readonly cameToBe?: Came;
  /**
   * Such states never change: the name of their only time, which the server sets. Default: they
   * have that time and `updatedAt`.
   */
  readonly writtenOnce?: Written;
  /** Its list takes more than filter, order and page, and is added by the entity itself. */
  readonly ownList?: boolean;
  /** Columns that full-text search looks into, the weightiest first. */
  readonly searched?: readonly NoInfer<NameOfKind<Own, 'text'>>[];
  /** Fills in what the server computes, in the state itself. */
  readonly complete?: (state: Draft<Own>, services: never) => void;
}

interface AnyStateDeclaration
  extends Omit<StateDeclaration<ColumnTypes, string, string>, 'naturalKey' | 'searched' | 'complete'> {
  readonly naturalKey?: string;
  readonly searched?: readonly string[];
  readonly complete?: (state: never, services: never) => void;
}

/** All columns of a state with these columns of its own. */
type StateColumns<Own extends ColumnTypes, Came extends string, Written extends string> = Own &
  ReturnType<typeof firstColumns> &
  Readonly<Record<[Written] extends [never] ? Came | 'updatedAt' : Written, typeof STORED>>;

/**
 * A table of states: rows that live and change. It is stored like a dataset without measures and
 * rollups.
 */
export interface StateTable<Columns extends ColumnTypes = ColumnTypes>
  extends EntityTable<Columns>,
    RolledUp {
  readonly cameToBe?: string;
  readonly writtenOnce?: string;
  readonly byKey?: KeyQuery;
  readonly ownList?: boolean;
  readonly searched?: readonly string[];
  readonly complete?: Complete;
}

/**
 * Declares a state: its table and columns. Input types and validation, filters, orders, lists and
 * nodes follow from this value; its mutations are written beside it. The compiler checks each name
 * of a column.
 *
 * @throws Error when the declaration contradicts itself.
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

const WRITTEN = timestamp({ source: 'server', description: 'When it was written (UTC, milliseconds).' });
const CAME_TO_BE = timestamp({
  source: 'client-or-server',
  past: true,
  description:
    'Creation time (UTC, milliseconds). Default: now. Times more than 24 h in the future are rejected.',
});
const STORED = timestamp({ source: 'server', description: 'Time of the last write (UTC, milliseconds).' });
