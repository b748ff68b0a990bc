import type { Aggregation, Selection } from './execute.ts';
import { measuresForOrder, sortGroups } from './group-order.ts';
import type { Question } from './question.ts';
import type { GroupOrder, QuerySpec, Scope, SeriesOptions } from './spec.ts';

/** Executes a question. */
type Read = (spec: QuerySpec, selection: Selection) => Promise<[Question, Aggregation]>;

const MAX_ROWS_FIRST: GroupOrder = { by: 'count', direction: 'desc' };

/**
 * Whether a separate question decides which groups get a series: true for every order but the
 * default.
 */
export function isRanked({
  dimensions,
  orderBy = MAX_ROWS_FIRST,
}: Pick<SeriesOptions, 'dimensions' | 'orderBy'>): boolean {
  return dimensions.length > 0 && !(orderBy.by === 'count' && orderBy.direction === 'desc');
}

/**
 * Which groups get a series of their own, and the question that decided it; null if none was
 * needed. The groups with the most rows are found while the series are read. Any other order is
 * determined first, over the whole range, as `groups` does.
 */
export async function selectSeries(
  read: Read,
  scope: Scope,
  options: SeriesOptions,
): Promise<{ readonly selection: Selection; readonly ranking: readonly [Question, Aggregation] | null }> {
  const { dimensions, top, orderBy = MAX_ROWS_FIRST } = options;
  if (!isRanked(options)) return { selection: { kind: 'largest', top }, ranking: null };
  const measures = measuresForOrder(scope.dataset, [], orderBy);
  const spec = { ...scope, dimensions, boundaries: [scope.range.from, scope.range.to], measures };
  const ranking = await read(spec, {
    kind: 'ranked',
    order: orderBy,
    first: top,
    atLeast: 1,
  });
  const [question, { groups }] = ranking;
  const first = sortGroups([...groups.list()], question.measures, orderBy).slice(0, top);
  return { selection: { kind: 'chosen', groups: first.map(({ values }) => values ?? []) }, ranking };
}
