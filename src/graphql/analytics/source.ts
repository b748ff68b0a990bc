import type { MovedBoundary } from '../../analytics/fit.ts';
import { mergeSources } from '../../analytics/merge-sources.ts';
import type { Answer, Source } from '../../analytics/spec.ts';
import type { RollupGrain } from '../../core/dataset/rollup-set.ts';
import type { Interval } from '../../core/time/range.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { timeRange } from './time-range.ts';

/** A stretch that was read from one kind of cells, or, where `grain` is null, from rows. */
interface SourcePart extends Interval {
  readonly grain: RollupGrain | null;
}

/** Says where answers came from. */
export function analyticsSource(types: TypeRegistry) {
  return types.once('AnalyticsSource', (builder) => {
    const kind = builder.enumType('AnalyticsSourceKind', {
      description: 'What was read to answer.',
      values: {
        ROLLUP: { description: 'Cells that the write path keeps: cost follows the cells, not the events.' },
        RAW: { description: 'The rows of the events.' },
        MIXED: { description: 'Cells, and rows for what no cell answers exactly.' },
      } as const,
    });
    const grain = rollupGrain(types);
    const part = builder.objectRef<SourcePart>('AnalyticsPart').implement({
      description: 'A stretch of time that was read from one source.',
      fields: (t) => ({
        from: t.expose('from', { type: 'DateTime', description: 'Start, part of it.' }),
        to: t.expose('to', { type: 'DateTime', description: 'End, not part of it.' }),
        grain: t.expose('grain', {
          type: grain,
          nullable: true,
          description: 'The width of the rollup cells that were read; null when rows were.',
        }),
      }),
    });
    return builder.objectRef<Source>('AnalyticsSource').implement({
      description:
        'Where the answers beside this field came from, all taken together. Once rows and fine cells have expired, it also says ' +
        'how the answer differs from what was asked.',
      fields: (t) => ({
        kind: t.expose('kind', { type: kind, description: 'What was read.' }),
        grain: t.expose('grain', {
          type: grain,
          nullable: true,
          description: 'The coarsest rollup grain that was read; null when only rows were.',
        }),
        rowsRead: t.expose('rowsRead', { type: 'SafeInt', description: 'Cells and rows that were read.' }),
        reason: t.exposeString('reason', { description: 'Why this source, in words.' }),
        range: t.expose('range', {
          type: timeRange(types),
          description:
            'What the numbers are about: the range that was asked for, without what is `missing`, its ends at the boundaries that ' +
            'are `moved`. It is empty, and begins where it ends, when nothing is kept.',
        }),
        parts: t.field({
          type: [part],
          description: 'Which part of the range was read from what, the oldest first.',
          resolve: partsOf,
        }),
        missing: t.expose('missing', {
          type: [timeRange(types)],
          description:
            'Stretches that were asked for and of which nothing is kept that answers. The numbers are without them.',
        }),
        moved: t.expose('moved', {
          type: [movedBoundary(types)],
          description:
            'Ends of the range and boundaries of buckets that cut the finest cell that is kept there. A cell counts whole, on the ' +
            'side where most of it lies: events between `asked` and `answered` stand on the other side. Empty: every number is that ' +
            'of its time, exactly.',
        }),
      }),
    });
  });
}

/** The enum of the grains of rollup cells. */
export function rollupGrain(types: TypeRegistry) {
  return types.once('RollupGrain', (builder) =>
    builder.enumType('RollupGrain', {
      description: 'The width of a rollup cell, in UTC.',
      values: {
        MINUTE: { description: 'One minute.' },
        HOUR: { description: 'One hour.' },
        DAY: { description: 'One day.' },
      } as const,
    }),
  );
}

function movedBoundary(types: TypeRegistry) {
  return types.once('MovedBoundary', (builder) =>
    builder.objectRef<MovedBoundary>('MovedBoundary').implement({
      description: 'A boundary in time that nothing is kept for: the edge of a rollup cell stands in for it.',
      fields: (t) => ({
        asked: t.expose('asked', { type: 'DateTime', description: 'Where it was to be.' }),
        answered: t.expose('answered', { type: 'DateTime', description: 'Where it is.' }),
      }),
    }),
  );
}

function partsOf({ segments }: Source): SourcePart[] {
  const parts = segments.flatMap(({ source, ranges }) =>
    ranges.map((range) => ({ ...range, grain: source === 'RAW' ? null : source })),
  );
  return parts.sort((one, other) => one.from - other.from || one.to - other.to);
}

/** The answers that the fields of an object have asked for so far. */
export type Asked = Promise<Answer<unknown>>[];

/** Keeps the answer for `source`, and gives its value. */
export async function answered<Value>(asked: Asked, answer: Promise<Answer<Value>>): Promise<Value> {
  asked.push(answer);
  return (await answer).value;
}

/**
 * Where the answers came from that the fields beside this one asked for; null when they asked for none. Fields of one object are
 * resolved in one go, so after one turn all of them have asked.
 */
export async function sourceBeside(asked: Asked): Promise<Source | null> {
  await Promise.resolve();
  return asked.length === 0 ? null : sourceOf(asked);
}

/** What the fields beside this one are about: the range that was asked for, unless something of it has expired. */
export async function rangeBeside(asked: Asked, range: Interval): Promise<Interval> {
  // What failed is reported by the field that asked, and by `source`.
  const source = await sourceBeside(asked).catch(() => null);
  return source?.range ?? range;
}

/**
 * The sources of several answers as one. Answers that failed are left out: their own fields report them.
 *
 * @throws the first failure when every answer failed.
 */
export async function sourceOf(answers: Readonly<Asked>): Promise<Source> {
  const settled = await Promise.allSettled(answers);
  const sources = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value.source] : []));
  if (sources.length === 0) throw (settled[0] as PromiseRejectedResult).reason;
  return mergeSources(sources);
}
