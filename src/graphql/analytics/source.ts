import { isOfCells } from '../../analytics/cover.ts';
import type { MovedBoundary } from '../../analytics/fit.ts';
import { mergeSources } from '../../analytics/merge-sources.ts';
import type { Answer, Source } from '../../analytics/spec.ts';
import type { RollupGrain } from '../../core/dataset/rollup-set.ts';
import type { Interval } from '../../core/time/range.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { timeRange } from './time-range.ts';

/** A time span that was read from cells of one grain, or from rows if `grain` is null. */
interface SourcePart extends Interval {
  readonly grain: RollupGrain | null;
  readonly archived: boolean;
}

/** `AnalyticsSource`: which data answered. */
export function analyticsSource(types: TypeRegistry) {
  return types.once('AnalyticsSource', (builder) => {
    const grain = rollupGrain(types);
    return builder.objectRef<Source>('AnalyticsSource').implement({
      description:
        'The combined source of all answers beside this field. Once rows and fine cells have ' +
        'expired, it also says how the answer differs from the request.',
      fields: (t) => ({
        kind: t.expose('kind', { type: sourceKind(types), description: 'The kind of data that was read.' }),
        grain: t.expose('grain', {
          type: grain,
          nullable: true,
          description: 'The coarsest rollup grain that was read; null if only rows or columns were read.',
        }),
        rowsRead: t.expose('rowsRead', {
          // Cells are filtered after they are read, so the number would tell a read token how many
          // others exist.
          authScopes: { read: true },
          type: 'SafeInt',
          description: 'Number of cells and rows that were read, including rows read from columns.',
        }),
        archivedRows: t.expose('archivedRows', {
          // As above.
          authScopes: { read: true },
          type: 'SafeInt',
          description:
            'How many of `rowsRead` came from the archive. 0 unless the query has `archive: true` ' +
            'and needs rows that have expired.',
        }),
        behindMs: t.float({
          nullable: true,
          resolve: ({ behindMs }) => behindMs ?? null,
          description:
            'How far the replica that answered was behind, in milliseconds: it had at least ' +
            'everything that was committed before that. Null if no replica answered.',
        }),
        reason: t.exposeString('reason', { description: 'Why this source was chosen, in words.' }),
        range: t.expose('range', {
          type: timeRange(types),
          description:
            'The range that the numbers cover: the requested range without the `missing` spans, ' +
            'with its ends at the `moved` boundaries. If nothing is stored, the range is empty: it ' +
            'ends where it starts.',
        }),
        parts: t.field({
          type: [sourcePart(types)],
          description: 'The parts of the range, each with its source, oldest first.',
          resolve: partsOf,
        }),
        missing: t.expose('missing', {
          type: [timeRange(types)],
          description: 'The requested spans for which no data is stored. The numbers exclude them.',
        }),
        moved: t.expose('moved', {
          type: [movedBoundary(types)],
          description:
            'The range ends and bucket boundaries that fall inside a cell of the finest grain ' +
            'stored there. Such a cell counts as a whole, on the side where most of it lies, so ' +
            'events between `asked` and `answered` count on the other side. Empty if every ' +
            'boundary is exact.',
        }),
      }),
    });
  });
}

function sourceKind({ builder }: TypeRegistry) {
  return builder.enumType('AnalyticsSourceKind', {
    description: 'The kind of data that was read.',
    values: {
      ROLLUP: {
        description:
          'Rollup cells, which are kept up to date on write. The cost of reading depends on the ' +
          'number of cells, not of events.',
      },
      RAW: { description: 'The rows of the events.' },
      COLUMNS: {
        description:
          'The events, from a copy that stores them by column and answers questions over many rows ' +
          'much faster. It has every event that was committed before the question.',
      },
      ARCHIVE: {
        description: 'The rows of expired events, from the archive; only with `archive: true`.',
      },
      MIXED: {
        description:
          'A mix: rollup cells, with rows or columns for what no cell answers exactly; or any of ' +
          'these with rows of the archive.',
      },
    } as const,
  });
}

function sourcePart(types: TypeRegistry) {
  return types.builder.objectRef<SourcePart>('AnalyticsPart').implement({
    description: 'A span of time that was read from one source.',
    fields: (t) => ({
      from: t.expose('from', { type: 'DateTime', description: 'Start, inclusive.' }),
      to: t.expose('to', { type: 'DateTime', description: 'End, exclusive.' }),
      grain: t.expose('grain', {
        type: rollupGrain(types),
        nullable: true,
        description: 'The width of the rollup cells that were read; null if rows or columns were read.',
      }),
      archived: t.exposeBoolean('archived', {
        description: 'True if the rows of this span come from the archive, which `archive: true` allows.',
      }),
    }),
  });
}

/** `RollupGrain`: the grains of rollup cells. */
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
      description:
        'A boundary that falls inside a rollup cell of the finest grain stored there. The edge of ' +
        'the cell replaces it.',
      fields: (t) => ({
        asked: t.expose('asked', { type: 'DateTime', description: 'The requested boundary.' }),
        answered: t.expose('answered', { type: 'DateTime', description: 'The boundary that was used.' }),
      }),
    }),
  );
}

function partsOf({ segments }: Source): SourcePart[] {
  const parts = segments.flatMap((segment) =>
    segment.ranges.map((range) => ({
      ...range,
      grain: isOfCells(segment) ? segment.source : null,
      archived: segment.source === 'ARCHIVE',
    })),
  );
  return parts.sort((one, other) => one.from - other.from || one.to - other.to);
}

/** The answers that the fields of an object have requested so far. */
export type Asked = Promise<Answer<unknown>>[];

/** Records the answer for `source`, and returns its value. */
export async function answered<Value>(asked: Asked, answer: Promise<Answer<Value>>): Promise<Value> {
  asked.push(answer);
  return (await answer).value;
}

/**
 * The common source of the answers that the fields beside this one requested; null if they
 * requested none. The fields of one object are resolved together, so after one microtask all of
 * them have requested their answers.
 */
export async function sourceBeside(asked: Asked): Promise<Source | null> {
  await Promise.resolve();
  return asked.length === 0 ? null : sourceOf(asked);
}

/**
 * The range that the fields beside this one cover: the requested range, unless part of it has
 * expired.
 */
export async function rangeBeside(asked: Asked, range: Interval): Promise<Interval> {
  // The field that requested the answer reports the failure, and so does `source`.
  const source = await sourceBeside(asked).catch(() => null);
  return source?.range ?? range;
}

/**
 * Merges the sources of several answers. It skips failed answers, because their own fields report
 * them.
 *
 * @throws the first failure if all answers failed.
 */
export async function sourceOf(answers: Readonly<Asked>): Promise<Source> {
  const settled = await Promise.allSettled(answers);
  const sources = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value.source] : []));
  const [first] = settled;
  if (sources.length === 0 && first?.status === 'rejected') throw first.reason;
  return mergeSources(sources);
}
