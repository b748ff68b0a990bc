import { type Column, type ColumnType, json, text, timestamp, uuid } from './column.ts';
import type { Projection } from './projection.ts';
import { type DeclaredRetention, declareRetention, type RetentionDays } from './retention.ts';
import { ROLLUP_GRAINS, type RolledUp, type RollupGrain } from './rollup-set.ts';
import type { Complete, FindContradiction } from './row.ts';
import type { StateTable } from './state.ts';
import { assertNaturalKey, columnOf, type EntityTable, placeColumns } from './table.ts';

/**
 * A state that an event may bring along in a field of its input. Both are stored in one transaction; where there is such a
 * state already it stays as it is. An event that is sent again brings nothing: a state that was deleted since stays deleted.
 */
export interface Companion {
  /** The field of the event's input that holds the state's input. */
  readonly field: string;
  /** Shown to users. */
  readonly description: string;
  readonly state: StateTable;
  /** Columns of the event, by name, whose values the state takes over; where the state's input has none of its own. */
  readonly inherits: Readonly<Record<string, string>>;
}

export interface DatasetDeclaration {
  /** Name of the list query: camelCase plural. */
  readonly name: string;
  /** Name of the GraphQL type and the Prisma model: PascalCase singular. */
  readonly entity: string;
  readonly table: string;
  /** Shown to users: what one event is. */
  readonly description: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Dimension sets with rollups; grains default to all. A declaration may only add measures at the end. */
  readonly rollups: readonly { dimensions: readonly string[]; grains?: readonly RollupGrain[] }[];
  readonly retention?: Partial<RetentionDays>;
  /** True: events carry the `requestId` of the request that they belong to. */
  readonly belongsToRequest?: boolean;
  /**
   * Columns that requests have too: where an event leaves one out and is sent together with its request (`recordActivity`), it takes
   * over what the request says.
   */
  readonly fromRequest?: readonly string[];
  /** A column that identifies the event in its project; `id` is then derived from it and is no input. */
  readonly naturalKey?: string;
  readonly companion?: Companion;
  /** States that its events keep up to date. */
  readonly projections?: readonly Projection[];
  readonly complete?: Complete;
  readonly findContradiction?: FindContradiction;
}

/** Its columns in row order: the common ones, the dataset's own, `attributes`. */
export interface Dataset
  extends Omit<DatasetDeclaration, 'columns' | 'rollups' | 'retention'>,
    EntityTable,
    RolledUp {
  readonly dimensions: readonly Column[];
  readonly retention: DeclaredRetention;
  /** Topic of the live tail. */
  readonly topic: string;
  readonly fields: { readonly record: string; readonly analytics: string; readonly live: string };
}

const SERVICE = text({
  role: 'dimension',
  optional: true,
  description: 'The service that reported the event, for example "checkout-api".',
});
const ENVIRONMENT = text({
  role: 'dimension',
  optional: true,
  description: 'The deployment environment, for example "production".',
});

function commonColumns(declaration: DatasetDeclaration): Record<string, ColumnType> {
  const derivedId = declaration.naturalKey !== undefined;
  const columns: Record<string, ColumnType> = {
    projectId: text({
      source: 'server',
      verbatim: true,
      description: 'The project (tenant) that the event belongs to.',
    }),
    id: uuid({
      source: derivedId ? 'server' : 'client-or-server',
      description: derivedId
        ? `UUID derived from the project and ${declaration.naturalKey}.`
        : 'UUID. Send your own to make retries safe: the same id again is stored once. Default: a new UUIDv7.',
    }),
    timestamp: timestamp({
      source: 'client-or-server',
      past: true,
      description:
        'When it happened (UTC, milliseconds). Default: now. More than 24 h in the future is refused.',
    }),
    receivedAt: timestamp({
      source: 'server',
      description: "When it reached the server, by the server's clock.",
    }),
    service: SERVICE,
    environment: ENVIRONMENT,
  };
  if (declaration.belongsToRequest) {
    columns.requestId = text({
      verbatim: true,
      optional: declaration.naturalKey !== 'requestId',
      description: 'Identifies the request that the event belongs to, across datasets.',
    });
  }
  return columns;
}

const ATTRIBUTES = json({
  optional: true,
  description:
    'A small JSON object for what the columns do not cover (at most 8,192 characters of JSON). Secrets in it are masked.',
});

/**
 * Declares a dataset: its table, columns, dimensions, measures, rollups, retention and live topic. Input types and
 * validation, insert, rollups, filters, orders, lists, analytics and the live tail all follow from this value.
 *
 * @throws Error when the declaration contradicts itself (a rollup over a column that is no dimension, and the like).
 */
export function defineDataset(declaration: DatasetDeclaration): Dataset {
  const types = { ...commonColumns(declaration), ...declaration.columns, attributes: ATTRIBUTES };
  const { columns, at } = placeColumns(types);
  const dimensions = columns.filter((column) => column.role === 'dimension');
  const measures = columns.filter((column) => column.role === 'measure');
  const dataset: Dataset = {
    ...declaration,
    columns,
    at,
    timeColumn: 'timestamp',
    storedAtColumn: 'receivedAt',
    dimensions,
    measures,
    histogramMeasures: measures.filter((column) => column.quantiles),
    hasSuccess: dimensions.some((column) => column.name === 'success'),
    rollups: declaration.rollups.map(({ dimensions, grains }) => ({
      dimensions,
      grains: grains ?? ROLLUP_GRAINS,
    })),
    retention: declareRetention(declaration.name, declaration.retention),
    topic: `${declaration.name}.recorded`,
    fields: fieldNames(declaration),
  };
  assertConsistent(dataset);
  return dataset;
}

function fieldNames({ name, entity }: DatasetDeclaration): Dataset['fields'] {
  const singular = entity[0]?.toLowerCase() + entity.slice(1);
  const plural = name[0]?.toUpperCase() + name.slice(1);
  return { record: `record${plural}`, analytics: `${singular}Analytics`, live: `${singular}Recorded` };
}

function assertConsistent(dataset: Dataset): void {
  const known = new Set(dataset.dimensions.map((column) => column.name));
  for (const set of dataset.rollups) {
    const unknown = set.dimensions.filter((name) => !known.has(name));
    if (unknown.length > 0) throw new Error(`${dataset.name}: rollup over ${unknown}, which is no dimension`);
  }
  if (!dataset.rollups.some((set) => set.dimensions.length === 0)) {
    throw new Error(`${dataset.name}: the rollups lack the empty dimension set, which holds the totals`);
  }
  for (const column of dataset.measures) {
    if (!['integer', 'float', 'money'].includes(column.kind)) {
      throw new Error(`${dataset.name}.${column.name}: a measure is a number`);
    }
  }
  for (const name of dataset.fromRequest ?? []) columnOf(dataset, name);
  assertNaturalKey(dataset);
}
