import type { MeasureStats } from '../../analytics/spec.ts';
import { present } from '../../core/defined.ts';
import { InvalidArgument } from '../../core/errors.ts';
import type { FieldBuilder } from '../builder.ts';
import type { TypeRegistry } from '../type-registry.ts';

/** The fields of MeasureStats that are quantiles, each with its p. */
export const QUANTILE_FIELDS: Readonly<Record<string, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 };

/** @throws InvalidArgument if p is not between 0 and 1. */
export function checkQuantile(p: number): number {
  if (p >= 0 && p <= 1) return p;
  throw new InvalidArgument(`\`p\` must be between 0 and 1, not ${p}. The median is 0.5.`, 'p');
}

/** `MeasureStats`: the statistics of one measure over some events. */
export function measureStats(types: TypeRegistry) {
  return types.once('MeasureStats', (builder) =>
    builder.objectRef<MeasureStats>('MeasureStats').implement({
      description:
        'Statistics of one measure over the events that have a value. Counts, sums and ' +
        'extremes are exact. Quantiles are interpolated like percentile_cont in SQL: the ' +
        'median of 1 and 2 is 1.5. They are exact from rows and columns, and within 1 % from rollups, ' +
        'where values between 0 and 1e-9 count as 1e-9.',
      fields: statsFields,
    }),
  );
}

/** `AttributeStats`: the statistics of the numbers of an attribute. */
export function attributeStats(types: TypeRegistry) {
  return types.once('AttributeStats', (builder) =>
    builder.objectRef<MeasureStats>('AttributeStats').implement({
      description:
        'Statistics of an attribute over the events in which it is a number, like those of a ' +
        'measure (`MeasureStats`). They are read from rows or columns, so quantiles are exact.',
      fields: (t) => ({
        ...statsFields(t),
        notNumbers: t.field({
          type: 'SafeInt',
          description:
            'Number of events left out because the attribute is not a number in them: text, a boolean, a list or ' +
            'an object.',
          resolve: ({ others }) => present(others),
        }),
      }),
    }),
  );
}

function statsFields(t: FieldBuilder<MeasureStats>) {
  return {
    count: t.expose('count', { type: 'SafeInt', description: 'Number of events that have the measure.' }),
    sum: t.exposeFloat('sum', {
      nullable: true,
      description:
        'Sum; 0 if there are no events, null if there are events but none has the measure ' +
        '(unknown is not 0).',
    }),
    avg: t.float({
      nullable: true,
      description: 'Arithmetic mean; null if no event has the measure.',
      resolve: ({ count, sum }) => (count === 0 || sum === null ? null : sum / count),
    }),
    min: t.exposeFloat('min', {
      nullable: true,
      description: 'Smallest value; null if no event has the measure.',
    }),
    max: t.exposeFloat('max', {
      nullable: true,
      description: 'Largest value; null if no event has the measure.',
    }),
    ...Object.fromEntries(
      Object.entries(QUANTILE_FIELDS).map(([name, p]) => [
        name,
        t.float({
          nullable: true,
          description: `The ${p * 100}th percentile, interpolated between the two values around it; null if no event has the measure.`,
          resolve: ({ quantiles }) => quantiles.get(p) ?? null,
        }),
      ]),
    ),
    quantile: t.float({
      nullable: true,
      description:
        'Any quantile, interpolated between the two values around it; null if no event has the measure.',
      args: {
        p: t.arg.float({ required: true, description: 'The quantile, from 0 (minimum) to 1 (maximum).' }),
      },
      resolve: ({ quantiles }, { p }) => quantiles.get(checkQuantile(p)) ?? null,
    }),
  };
}
