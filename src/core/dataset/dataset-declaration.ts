import type { Companion, CompanionOf } from './companion.ts';
import type { CommonEventColumns, EventColumns, EventDraft } from './event-columns.ts';
import type { ColumnTypes, DimensionOf, NameOf } from './names.ts';
import type { Projection, ProjectionOf } from './projection.ts';
import type { RetentionDays } from './retention.ts';
import type { RollupGrain, RollupSet } from './rollup-set.ts';
import type { Contradiction } from './row.ts';
import type { Tally, TallyOf } from './tally.ts';
import type { Values } from './values.ts';

/**
 * The declaration of a dataset. `Own` are its columns, `InRequest` says whether it belongs to a
 * request, `Brought` are the columns of its companion, `Projected` those of the states that its
 * events keep up to date.
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
   * position, so a new measure must be declared last. `measure-order.test.ts` enforces it.
   */
  readonly rollups: readonly {
    readonly dimensions: readonly NoInfer<DimensionOf<Columns>>[];
    readonly grains?: readonly RollupGrain[];
  }[];
  readonly retention?: Partial<RetentionDays>;
  /** True if events carry the `requestId` of the request that they belong to. */
  readonly belongsToRequest?: InRequest;
  /**
   * Columns that requests have too. If an event omits one and is sent together with its request
   * (`recordActivity`), it takes over the request's value.
   */
  readonly fromRequest?: readonly NoInfer<NameOf<Columns>>[];
  /**
   * A column that identifies the event in its project. Then `id` is derived from it and is not an
   * input.
   */
  readonly naturalKey?: NoInfer<NameOf<Columns>>;
  /**
   * Columns whose indexes find the rows with one value; columns with the fewest rows per value
   * first. `indexed.test.ts` compares them with the database.
   */
  readonly indexed?: readonly NoInfer<NameOf<Columns>>[];
  /**
   * Columns that the server computes, and may recompute for stored events. Each such change is
   * noted (`row_corrections`), for copies of the events.
   */
  readonly corrected?: readonly NoInfer<NameOf<Own>>[];
  /**
   * True if its events stay on one node when the database is spread over several nodes: for
   * datasets with few events, whose index statements walk from key to key. Datasets with
   * projections are undivided anyway.
   */
  readonly undivided?: boolean;
  readonly companion?: CompanionOf<NoInfer<Columns>, Brought>;
  /** States that its events keep up to date. */
  readonly projections?: readonly [
    ...{ readonly [Index in keyof Projected]: ProjectionOf<NoInfer<Columns>, Projected[Index]> },
  ];
  /** A state to which its events add. */
  readonly tally?: TallyOf<NoInfer<Columns>>;
  /** Fills in, in place, the values that the server computes. */
  readonly complete?: (event: EventDraft<Columns>, services: never) => void;
  /** Checks whether the fields of a completed event agree; null if they do. */
  readonly findContradiction?: (event: Values<Columns>) => Contradiction<NameOf<Columns>> | null;
}

/** The declaration of any dataset. The compiler has already checked its column names. */
export interface AnyDatasetDeclaration
  extends Omit<
    DatasetDeclaration<ColumnTypes, boolean, ColumnTypes, readonly ColumnTypes[]>,
    | 'rollups'
    | 'fromRequest'
    | 'naturalKey'
    | 'indexed'
    | 'corrected'
    | 'companion'
    | 'projections'
    | 'tally'
    | 'complete'
    | 'findContradiction'
  > {
  readonly rollups: readonly (Pick<RollupSet, 'dimensions'> & Partial<RollupSet>)[];
  readonly fromRequest?: readonly string[];
  readonly naturalKey?: string;
  readonly indexed?: readonly string[];
  readonly corrected?: readonly string[];
  readonly companion?: Companion;
  readonly projections?: readonly Projection[];
  readonly tally?: Tally;
  readonly complete?: (event: never, services: never) => void;
  readonly findContradiction?: (event: never) => Contradiction | null;
}
