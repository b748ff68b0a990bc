import type { InputRef } from '@pothos/core';
import type { Aggregate, Side } from '../../analytics/formulas/side.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { defined } from '../../core/defined.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { type CalendarUnit, rangeBefore } from '../../core/time/calendar-range.ts';
import type { Interval } from '../../core/time/range.ts';
import { readFilter } from '../../filter/read-filter.ts';
import { calendarUnit } from '../analytics/calendar.ts';
import { dimensionEnum } from '../analytics/dimension-enum.ts';
import { measureEnum } from '../analytics/distribution-types.ts';
import { type GroupOrderInput, measureAggregate } from '../analytics/group-order.ts';
import type { DerivedInput } from '../entities/column-types.ts';
import { filterInput } from '../lists/filter.ts';
import type { TypeRegistry } from '../type-registry.ts';

/** One side of a formula after coercion: the name of one dataset, and what to compute of it. */
export type SideInput = Readonly<Record<string, AggregateInput | null | undefined>>;

interface AggregateInput {
  readonly measure?: string | null;
  readonly aggregate?: GroupOrderInput['aggregate'] | null;
  readonly distinct?: string | null;
  readonly filter?: Record<string, unknown> | null;
  readonly earlier?: CalendarUnit | null;
}

/** `DatasetNumber`; `readSide` converts it. */
export function sideInput(types: TypeRegistry): InputRef<SideInput> {
  return types.once('DatasetNumber', (builder) =>
    builder.inputRef<SideInput>('DatasetNumber').implement({
      isOneOf: true,
      description:
        'A number computed from one dataset. `{ llmCalls: { measure: COST } }` is the total cost ' +
        'of the calls; `{ taskEvents: { filter: { eventType: { eq: COMPLETED } } } }` is the ' +
        'number of completed tasks.',
      fields: (t) =>
        Object.fromEntries(
          types.datasets.map((dataset) => [
            dataset.name,
            t.field({
              type: aggregateInput(types, dataset),
              description: `A number computed from ${dataset.name}; {} counts all of them. ${dataset.description}`,
            }),
          ]),
        ),
    }),
  );
}

/** `<Entity>Aggregate`: a number of the events of a dataset. */
function aggregateInput(types: TypeRegistry, dataset: Dataset): DerivedInput {
  const name = `${dataset.entity}Aggregate`;
  return types.once(name, (builder) =>
    builder.inputRef<Record<string, unknown>>(name).implement({
      description:
        `A number computed from ${dataset.name}: their count, unless \`measure\` or \`distinct\` ` +
        'selects something else.',
      fields: (t) => ({
        ...(dataset.measures.length > 0 && {
          measure: t.field({
            type: measureEnum(types, dataset),
            description: 'The measure to aggregate. Default: none; the events are counted.',
          }),
          aggregate: t.field({
            type: measureAggregate(types),
            description: 'How to aggregate the measure. Default: SUM.',
          }),
        }),
        distinct: t.field({
          type: dimensionEnum(types, dataset),
          description:
            'Counts the distinct values of this dimension, such as users, instead of the events. ' +
            'Events without a value do not count.',
        }),
        filter: t.field({
          type: filterInput(types, dataset),
          description: 'Only events that match this filter. Default: all.',
        }),
        earlier: t.field({
          type: calendarUnit(types),
          description:
            'Reads the range one calendar period earlier, in the time zone of the range: `MONTH` ' +
            'compares a month with the month before, and the elapsed part of this month with the ' +
            'same part of the last one. Default: the range itself.',
        }),
      }),
    }),
  );
}

/** What a side's question needs besides its arguments. */
interface SideOptions {
  readonly datasets: readonly Dataset[];
  /** The range of the whole formula. */
  readonly range: Interval;
  readonly timeZone: string;
  /** The path of the side in the arguments. */
  readonly path: string;
}

/**
 * Converts a side.
 *
 * @throws InvalidArgument at the invalid part.
 */
export function readSide(input: SideInput, { datasets, range, timeZone, path }: SideOptions): Side {
  const [name, given] = defined(Object.entries(input).find(([, value]) => value != null));
  const dataset = defined(datasets.find((known) => known.name === name));
  const { measure, aggregate, distinct, filter, earlier } = defined(given ?? undefined);
  if (distinct != null && (measure != null || aggregate != null)) {
    throw new InvalidArgument(
      '`distinct` counts values, so it takes no `measure` and no `aggregate` beside it.',
      `${path}.${name}.distinct`,
    );
  }
  if (measure == null && aggregate != null) {
    throw new InvalidArgument(
      '`aggregate` needs a `measure` beside it. Without both, the events are counted.',
      `${path}.${name}.aggregate`,
    );
  }
  return {
    dataset,
    filter: readFilter(dataset, filter, `${path}.${name}.filter`),
    aggregate: toAggregate({ measure, aggregate, distinct }),
    earlier: earlier == null ? null : rangeBefore(range, { unit: earlier, timeZone }),
  };
}

function toAggregate({
  measure,
  aggregate,
  distinct,
}: Pick<AggregateInput, 'measure' | 'aggregate' | 'distinct'>): Aggregate {
  if (distinct != null) return { measure: distinct, aggregate: 'distinct' };
  return measure == null ? 'count' : { measure, aggregate: aggregate ?? 'sum' };
}
