import { ROLLUP_GRAINS } from '../../core/dataset/dataset.ts';
import type { Answer, Source } from '../../query/spec.ts';
import type { Parts } from '../dataset/parts.ts';

/** Says where answers came from. */
export function analyticsSource(parts: Parts) {
  return parts.once('AnalyticsSource', (builder) => {
    const kind = builder.enumType('AnalyticsSourceKind', {
      description: 'What was read to answer.',
      values: {
        ROLLUP: { description: 'Cells that the write path keeps: cost follows the cells, not the events.' },
        RAW: { description: 'The rows of the events.' },
        MIXED: { description: 'Cells, and rows for what no cell answers exactly.' },
      } as const,
    });
    const grain = builder.enumType('RollupGrain', {
      description: 'The width of a rollup cell, in UTC.',
      values: {
        MINUTE: { description: 'One minute.' },
        HOUR: { description: 'One hour.' },
        DAY: { description: 'One day.' },
      } as const,
    });
    return builder.objectRef<Source>('AnalyticsSource').implement({
      description: 'Where the answers beside this field came from, all taken together.',
      fields: (t) => ({
        kind: t.expose('kind', { type: kind, description: 'What was read.' }),
        grain: t.expose('grain', {
          type: grain,
          nullable: true,
          description: 'The coarsest rollup grain that was read; null when only rows were.',
        }),
        rowsRead: t.expose('rowsRead', { type: 'SafeInt', description: 'Cells and rows that were read.' }),
        reason: t.exposeString('reason', { description: 'Why this source, in words.' }),
      }),
    });
  });
}

/**
 * The sources of several answers as one. Answers that failed are left out: their own fields report them.
 *
 * @throws the first failure when every answer failed.
 */
export async function mergeSources(answers: readonly Promise<Answer<unknown>>[]): Promise<Source> {
  const settled = await Promise.allSettled(answers);
  const sources = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value.source] : []));
  const [first] = sources;
  if (first === undefined) throw (settled[0] as PromiseRejectedResult).reason;
  const grains = sources.map(({ grain }) => (grain === null ? -1 : ROLLUP_GRAINS.indexOf(grain)));
  return {
    kind: sources.every(({ kind }) => kind === first.kind) ? first.kind : 'MIXED',
    grain: ROLLUP_GRAINS[Math.max(...grains)] ?? null,
    rowsRead: sources.reduce((sum, { rowsRead }) => sum + rowsRead, 0),
    reason: [...new Set(sources.map(({ reason }) => reason))].join('; '),
  };
}
