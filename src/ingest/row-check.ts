import { type Column, isAbsentText, mayBeAbsent, toStoredNumber } from '../core/dataset/column.ts';
import type { Companion } from '../core/dataset/companion.ts';
import { type Complete, type FindContradiction, type Row, textAt } from '../core/dataset/row.ts';
import { type EntityTable, positionOf } from '../core/dataset/table.ts';
import { derivedId, type IdSource } from '../core/ids.ts';
import { type IpAddresses, keptAddress } from '../core/ip-addresses.ts';
import { isObject } from '../core/is-object.ts';
import { compileBoundsCheck, compileColumnCheck } from './column-check.ts';
import { type ColumnCheck, type Problem, show } from './problem.ts';

/** What all events of one call have in common. */
export interface CallFacts {
  readonly projectId: string;
  /** The current time in epoch milliseconds. */
  readonly now: number;
  /** How much of IP addresses to store. */
  readonly ipAddresses: IpAddresses;
}

/**
 * Converts an event or a state as sent to a row, or returns the first problem. `origin` is the row
 * of the event that carries a state.
 */
export type RowCheck = (event: unknown, facts: CallFacts, origin?: Row) => Row | Problem;

/** A dataset or a state. */
export type CheckedTable = EntityTable & {
  readonly complete?: Complete;
  readonly findContradiction?: FindContradiction;
  readonly companion?: Pick<Companion, 'field'>;
};

/**
 * What a state inherits from the event that carries it: the name of the state's column, and the
 * position of the value in the row of the event.
 */
export type Inherited = Readonly<Record<string, number>>;

interface Field {
  readonly index: number;
  readonly check: ColumnCheck;
  readonly emptyIsAbsent: boolean;
}

/** The fields that an input may have. */
interface Inputs {
  readonly fields: ReadonlyMap<string, Field>;
  /**
   * The names of all fields, including that of the companion state, which the caller has already
   * removed.
   */
  readonly names: readonly string[];
}

/** Whether the result of a check is a row. */
export const isRow = (result: Row | Problem): result is Row => Array.isArray(result);

export interface RowCheckOptions {
  readonly ids: IdSource;
  /** What the `complete` of the table may use. */
  readonly services: object;
  /** Columns that are not inputs. Default: none. */
  readonly inherited?: Inherited;
}

/**
 * Compiles the check of a table's inputs from its declaration: one closure per column, so that
 * checking an event costs about as much as copying it.
 */
export function compileRowCheck(
  table: CheckedTable,
  { ids, services, inherited = {} }: RowCheckOptions,
): RowCheck {
  const { at, columns, companion, complete, findContradiction } = table;
  const inputs = columns.filter((column) => column.source !== 'server' && !(column.name in inherited));
  const fields = new Map<string, Field>(inputs.map((column) => [column.name, compileField(column)]));
  const names = [...fields.keys(), ...(companion === undefined ? [] : [companion.field])];
  const accepted: Inputs = { fields, names };
  const required = inputs.filter((column) => !mayBeAbsent(column));
  const template: Row = columns.map((column) => {
    if (column.default === undefined) return null;
    return typeof column.default === 'number' ? toStoredNumber(column, column.default) : column.default;
  });
  const inherit = Object.entries(inherited).map(([name, from]) => [positionOf(table, name), from] as const);
  const contradictionIn = (row: Row): Problem | null => {
    const found = findContradiction?.(row) ?? null;
    return found === null ? null : { ...found, code: 'INVALID_VALUE' };
  };
  const outOfBounds = complete === undefined ? () => null : compileBoundsCheck(columns);
  const setId = compileId(table, ids);
  const addresses = columns.filter(({ ipAddress }) => ipAddress).map(({ index }) => index);
  const projectId = at.projectId;
  const time = positionOf(table, table.timeColumn);
  const storedAt = positionOf(table, table.storedAtColumn);

  return (event, facts, origin) => {
    if (!isObject(event)) return notAnObject(event);
    const row = template.slice();
    const wrong = fillIn(row, event, accepted, facts.now);
    if (wrong !== null) return wrong;
    for (const column of required) {
      if (row[column.index] === null) {
        return {
          field: column.name,
          code: 'REQUIRED',
          message: `${column.name} is required: ${column.description}`,
        };
      }
    }
    if (facts.ipAddresses !== 'FULL') reduceAddresses(row, addresses, facts.ipAddresses);
    row[projectId] = facts.projectId;
    row[storedAt] = facts.now;
    if (origin !== undefined) for (const [to, from] of inherit) row[to] = origin[from] ?? null;
    row[time] ??= facts.now;
    setId(row);
    complete?.(row, services as never);
    return outOfBounds(row) ?? contradictionIn(row) ?? row;
  };
}

const compileField = (column: Column): Field => ({
  index: column.index,
  check: compileColumnCheck(column),
  emptyIsAbsent: isAbsentText(column, ''),
});

function fillIn(
  row: Row,
  event: Readonly<Record<string, unknown>>,
  { fields, names }: Inputs,
  now: number,
): Problem | null {
  for (const name in event) {
    const value = event[name];
    // JSON has no undefined, but values that the server maps often are.
    if (value === undefined) continue;
    const field = fields.get(name);
    if (field === undefined) return unknownField(name, names);
    // Null and empty text count as absent: a default or the server's own value replaces them.
    if (value === null || (value === '' && field.emptyIsAbsent)) continue;
    const checked = field.check(value, now);
    if (typeof checked === 'object') return checked;
    row[field.index] = checked;
  }
  return null;
}

function reduceAddresses(row: Row, addresses: readonly number[], keep: IpAddresses): void {
  for (const index of addresses) {
    const address = row[index];
    if (typeof address === 'string') row[index] = keptAddress(address, keep);
  }
}

/**
 * Compiles the function that sets the id of a row: derived from the natural key, which is never
 * empty; without one, the client's id or a new one.
 */
function compileId(table: EntityTable, ids: IdSource): (row: Row) => void {
  const id = table.at.id;
  const { naturalKey } = table;
  if (naturalKey === undefined) {
    return (row) => {
      row[id] ??= ids.next();
    };
  }
  const project = table.at.projectId;
  const key = positionOf(table, naturalKey);
  return (row) => {
    row[id] = derivedId(textAt(row, project), table.name, String(row[key]));
  };
}

function notAnObject(event: unknown): Problem {
  return {
    field: null,
    code: 'WRONG_TYPE',
    message: `It must be an object with fields, not ${show(event)}.`,
  };
}

function unknownField(name: string, names: readonly string[]): Problem {
  return {
    field: name,
    code: 'UNKNOWN_FIELD',
    message: `There is no field ${show(name)}. The fields are: ${names.join(', ')}.`,
  };
}
