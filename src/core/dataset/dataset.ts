import type { Column } from './column.ts';
import { assertCompanion, type Companion } from './companion.ts';
import type { AnyDatasetDeclaration, DatasetDeclaration } from './dataset-declaration.ts';
import {
  type CommonEventColumns,
  type EventColumns,
  firstColumns,
  LAST_COLUMNS,
  requestColumns,
} from './event-columns.ts';
import type { ColumnTypes } from './names.ts';
import { type ProjectionPlan, planProjection } from './projection.ts';
import { type DeclaredRetention, declareRetention } from './retention.ts';
import { ROLLUP_GRAINS, type RolledUp } from './rollup-set.ts';
import { type Complete, compileView, type FindContradiction } from './row.ts';
import { assertNaturalKey, columnOf, type EntityTable, placeColumns } from './table.ts';
import { planTally, type TallyPlan } from './tally.ts';

/**
 * A table of events. Its columns in row order: the common ones, the dataset's own, `attributes`.
 */
export interface Dataset<Columns extends ColumnTypes = CommonEventColumns & ColumnTypes>
  extends EntityTable<Columns>,
    RolledUp {
  readonly kind: 'event';
  readonly dimensions: readonly Column[];
  readonly retention: DeclaredRetention;
  readonly belongsToRequest?: boolean;
  readonly fromRequest?: readonly string[];
  /** Columns that may change in stored events. */
  readonly corrected: readonly Column[];
  /** Whether its events stay on one node when the database is spread over several nodes. */
  readonly undivided: boolean;
  readonly companion?: Companion;
  readonly projections: readonly ProjectionPlan[];
  readonly tally: TallyPlan | null;
  readonly complete?: Complete;
  readonly findContradiction?: FindContradiction;
  /** Topic of the live tail. */
  readonly topic: string;
  readonly fields: { readonly record: string; readonly analytics: string; readonly live: string };
}

/**
 * Declares a dataset: its table, columns, dimensions, measures, rollups, retention and live topic.
 * Input types and validation, insert, rollups, filters, orders, lists, analytics and the live tail
 * all follow from this value. The compiler checks each column name.
 *
 * @throws Error if the declaration contradicts itself, for example by a rollup over a column that
 *   is not a dimension.
 */
export function defineDataset<
  const Own extends ColumnTypes,
  const InRequest extends boolean = false,
  const Brought extends ColumnTypes = ColumnTypes,
  const Projected extends readonly ColumnTypes[] = readonly ColumnTypes[],
>(declaration: DatasetDeclaration<Own, InRequest, Brought, Projected>): Dataset<EventColumns<Own, InRequest>>;
export function defineDataset(declaration: object): Dataset {
  return compileDataset(declaration as AnyDatasetDeclaration);
}

/**
 * The dataset without anything derived from its events: for rows that arrive together with their
 * derived rows.
 */
export const withoutDerived = (dataset: Dataset): Dataset => ({
  ...dataset,
  rollups: [],
  projections: [],
  tally: null,
});

/** The implementation of `defineDataset`, without the types of the columns. */
function compileDataset(declaration: AnyDatasetDeclaration): Dataset {
  const { name, complete, findContradiction, projections = [], corrected = [], tally } = declaration;
  const placed = placeColumns<CommonEventColumns & ColumnTypes>(name, columnsOf(declaration));
  const dimensions = placed.columns.filter((column) => column.role === 'dimension');
  const measures = placed.columns.filter((column) => column.role === 'measure');
  const view = compileView(placed.columns);
  const table = {
    ...declaration,
    ...placed,
    kind: 'event',
    timeColumn: 'timestamp',
    storedAtColumn: 'receivedAt',
  } as const;
  const dataset: Dataset = {
    ...table,
    dimensions,
    measures,
    histogramMeasures: measures.filter((column) => column.quantiles),
    hasSuccess: dimensions.some((column) => column.name === 'success'),
    rollups: declaration.rollups.map(({ dimensions, grains }) => ({
      dimensions,
      grains: grains ?? ROLLUP_GRAINS,
    })),
    retention: declareRetention(name, declaration.retention),
    undivided: declaration.undivided ?? projections.length > 0,
    corrected: corrected.map((column) => columnOf(table, column)),
    projections: projections.map((projection) => planProjection(table, projection)),
    tally: tally === undefined ? null : planTally(table, tally),
    complete: complete && ((row, services) => complete(view(row), services)),
    findContradiction: findContradiction && ((row) => findContradiction(view(row))),
    topic: `${name}.recorded`,
    fields: fieldNames(declaration),
  };
  assertConsistent(dataset);
  return dataset;
}

const columnsOf = ({ naturalKey, belongsToRequest, columns }: AnyDatasetDeclaration) => [
  firstColumns(naturalKey),
  belongsToRequest ? requestColumns(naturalKey) : {},
  columns,
  LAST_COLUMNS,
];

function fieldNames({ name, entity }: AnyDatasetDeclaration): Dataset['fields'] {
  const singular = entity[0]?.toLowerCase() + entity.slice(1);
  const plural = name[0]?.toUpperCase() + name.slice(1);
  return { record: `record${plural}`, analytics: `${singular}Analytics`, live: `${singular}Recorded` };
}

function assertConsistent(dataset: Dataset): void {
  const known = new Set(dataset.dimensions.map((column) => column.name));
  for (const set of dataset.rollups) {
    const unknown = set.dimensions.filter((name) => !known.has(name));
    if (unknown.length > 0)
      throw new Error(`${dataset.name}: rollup over ${unknown}, which is not a dimension`);
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
  if (dataset.companion !== undefined) assertCompanion(dataset, dataset.companion);
  assertNaturalKey(dataset);
}
