import type { Companion, CompanionOf } from './companion.ts';
import type { CommonEventColumns, EventColumns, EventDraft } from './event-columns.ts';
import type { ColumnTypes, DimensionOf, NameOf } from './names.ts';
import type { Projection, ProjectionOf } from './projection.ts';
import type { RetentionDays } from './retention.ts';
import type { RollupGrain, RollupSet } from './rollup-set.ts';
import type { Contradiction } from './row.ts';
import type { Values } from './values.ts';

/**
 * What is said of a dataset. `Own` are its columns, `InRequest` whether it belongs to a request,
 * `Brought` the columns of its companion, `Projected` those of the states that its events keep up
 * to date.
 */
export interface DatasetDeclaration<
  Own extends ColumnTypes,
  InRequest extends boolean,
  Brought extends ColumnTypes,
  Projected extends readonly ColumnTypes[],
  Columns extends CommonEventColumns & ColumnTypes = EventColumns<Own, InRequest>,
> {
  /** Name of the list query: camelCase plural. */
  readonly name: string;
  /** Name of the GraphQL type and the Prisma model: PascalCase singular. */
  readonly entity: string;
  readonly table: string;
  /** Shown to users: what one event is. */
  readonly description: string;
  readonly columns: Own;
  /**
   * Dimension sets with rollups; grains default to all. Stored cells hold the sums of measures by
   * place, so a new measure goes last: `measure-order.test.ts` holds the declarations to it.
   */
  readonly rollups: readonly {
    readonly dimensions: readonly NoInfer<DimensionOf<Columns>>[];
    readonly grains?: readonly RollupGrain[];
  }[];
  readonly retention?: Partial<RetentionDays>;
  /** True: events carry the `requestId` of the request that they belong to. */
  readonly belongsToRequest?: InRequest;
  /**
   * Columns that requests have too: where an event leaves one out and is sent together with its
   * request (`recordActivity`), it takes over what the request says.
   */
  readonly fromRequest?: readonly NoInfer<NameOf<Own>>[];
  /**
   * A column that identifies the event in its project; `id` is then derived from it and is no
   * input.
   */
  readonly naturalKey?: NoInfer<NameOf<Columns>>;
  readonly companion?: CompanionOf<NoInfer<Columns>, Brought>;
  /** States that its events keep up to date. */
  readonly projections?: readonly [
    ...{ readonly [Place in keyof Projected]: ProjectionOf<NoInfer<Columns>, Projected[Place]> },
  ];
  /** Fills in what the server computes, in the event itself. */
  readonly complete?: (event: EventDraft<Columns>, services: never) => void;
  /** Looks at a completed event as a whole; null: its fields agree. */
  readonly findContradiction?: (event: Values<Columns>) => Contradiction<NameOf<Columns>> | null;
}

/** A declaration of whatever dataset, whose names of columns the compiler has checked. */
export interface AnyDatasetDeclaration
  extends Omit<
    DatasetDeclaration<ColumnTypes, boolean, ColumnTypes, readonly ColumnTypes[]>,
    'rollups' | 'fromRequest' | 'naturalKey' | 'companion' | 'projections' | 'complete' | 'findContradiction'
  > {
  readonly rollups: readonly (Pick<RollupSet, 'dimensions'> & Partial<RollupSet>)[];
  readonly fromRequest?: readonly string[];
  readonly naturalKey?: string;
  readonly companion?: Companion;
  readonly projections?: readonly Projection[];
  readonly complete?: (event: never, services: never) => void;
  readonly findContradiction?: (event: never) => Contradiction | null;
}
