import { derivedId } from '../ids.ts';
import type { ColumnTypes, NameOf, NameOfKind } from './names.ts';
import { type Row, textAt } from './row.ts';
import type { StateTable } from './state.ts';
import { columnOf, type EntityTable } from './table.ts';

/**
 * A state that the events of a dataset keep up to date, one per value of a column: the present
 * state of an agent or a task. The transaction that stores new events recomputes it from the stored
 * events. So it does not depend on the order in which events arrive, and needs no rebuilding at
 * startup. `createdAt` is the time of the oldest event, `updatedAt` that of the newest. The time of
 * an event is the earlier of its timestamp, by the client's clock, and its receipt, so that a clock
 * that is ahead hides no event. If the client's clock is found to be behind, it is the receipt.
 */
export interface Projection {
  readonly state: StateTable;
  /**
   * The column of the event that is the natural key of the state. Events with one value belong to
   * one state.
   */
  readonly key: string;
  /** Columns of the state, and where their values come from. */
  readonly columns: Readonly<Record<string, ProjectedColumn>>;
}

/**
 * A projection as declared. A column of the state can only take its value from one of the same
 * kind.
 */
export interface ProjectionOf<Event extends ColumnTypes, State extends ColumnTypes> {
  readonly state: StateTable<State>;
  readonly key: NameOf<Event> & NameOf<State>;
  readonly columns: {
    readonly [Name in keyof State]?: ProjectedColumn<NameOfKind<Event, State[Name]['kind']>>;
  };
}

/**
 * Takes the value of a column from the newest event; with `present`, from the newest event that has
 * a value there.
 */
export interface ProjectedColumn<From extends string = string> {
  readonly from: From;
  readonly present?: boolean;
}

/**
 * A projection as plain data that can be sent to another thread: SQL names of tables and columns,
 * positions in rows.
 */
export interface ProjectionPlan {
  readonly stateName: string;
  readonly table: string;
  readonly source: string;
  readonly sourceKey: string;
  readonly stateKey: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly columns: readonly { readonly to: string; readonly from: string; readonly present: boolean }[];
  readonly projectAt: number;
  readonly keyAt: number;
}

/** A state to recompute. */
export interface ProjectionKey {
  readonly projectId: string;
  readonly id: string;
  readonly key: string;
}

/** @throws Error if the projection and its tables disagree: a mistake in our code. */
export function planProjection(dataset: EntityTable, { state, key, columns }: Projection): ProjectionPlan {
  const { timeColumn, storedAtColumn, naturalKey } = state;
  if (naturalKey !== key) throw new Error(`${state.name}: the natural key must be ${key}`);
  const common = ['projectId', 'id', key, timeColumn, storedAtColumn];
  const missing = state.columns.filter(({ name }) => !common.includes(name) && !(name in columns));
  if (missing.length > 0) throw new Error(`${state.name}: nothing says what ${missing[0]?.name} is`);
  return {
    stateName: state.name,
    table: state.table,
    source: dataset.table,
    sourceKey: columnOf(dataset, key).sqlName,
    stateKey: columnOf(state, key).sqlName,
    createdAt: columnOf(state, timeColumn).sqlName,
    updatedAt: columnOf(state, storedAtColumn).sqlName,
    columns: Object.entries(columns).map(([to, { from, present = false }]) => ({
      to: columnOf(state, to).sqlName,
      from: columnOf(dataset, from).sqlName,
      present,
    })),
    projectAt: dataset.at.projectId,
    keyAt: columnOf(dataset, key).index,
  };
}

/**
 * The states that new rows belong to, each once. They are in the order of their ids, so that
 * transactions that lock them cannot deadlock.
 */
export function projectionKeys(
  { stateName, projectAt, keyAt }: ProjectionPlan,
  rows: readonly Row[],
): ProjectionKey[] {
  const keys = new Map<string, ProjectionKey>();
  for (const row of rows) {
    const projectId = textAt(row, projectAt);
    const key = row[keyAt];
    if (key === null || key === undefined) continue;
    const id = derivedId(projectId, stateName, String(key));
    if (!keys.has(id)) keys.set(id, { projectId, id, key: String(key) });
  }
  return [...keys.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}
