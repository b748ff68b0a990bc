import type { ArchivedRows, ArchiveReader } from '../archive/archived-rows.ts';
import { columnsFunctions } from '../columns/functions.ts';
import type { ColumnsCopy } from '../columns/read-columns.ts';
import { checkBetween } from '../core/check-between.ts';
import { isAttribute } from '../core/dataset/attribute.ts';
import { isWithinColumn } from '../core/dataset/field.ts';
import { InvalidArgument } from '../core/errors.ts';
import { type Horizons, NO_HORIZONS } from '../core/rollup/horizons.ts';
import type { Interval } from '../core/time/range.ts';
import { DAY_MS } from '../core/time/units.ts';
import { createPortions, type Portions } from '../runtime/portions.ts';
import type { HorizonReader } from '../storage/horizons.ts';
import type { Store } from '../storage/store.ts';
import type { Analytics } from './analytics.ts';
import { answer, answerWindows, toDimensions, toGroups, toSeries, toTotals } from './answers.ts';
import { type ArchiveState, askArchive, withArchive } from './ask-archive.ts';
import { createAskColumns } from './ask-columns.ts';
import { answerableFrom, availableFrom } from './availability.ts';
import { isOfCells } from './cover.ts';
import { type Aggregation, execute, type Selection } from './execute.ts';
import { measuresForOrder } from './group-order.ts';
import { holdHorizons } from './hold-horizons.ts';
import { resolveMeasures } from './measures.ts';
import { mergeSources } from './merge-sources.ts';
import { cutByDays, stretchesOf } from './occurrences.ts';
import { type AllowedSources, type ColumnsState, plan } from './plan.ts';
import { readPresence } from './presence.ts';
import type { Question } from './question.ts';
import type { ReadContext } from './read-context.ts';
import { readDistribution } from './read-distribution.ts';
import { readEnds } from './read-ends.ts';
import { readWindows } from './read-windows.ts';
import { selectSeries } from './select-series.ts';
import { boundsOf, cutSeries } from './series-buckets.ts';
import type { Answer, QuerySpec, Scope, WindowOptions } from './spec.ts';
import { checkWindows, frameWindows, type WindowFrame } from './window-frame.ts';

/** Maximum number of groups in an answer. */
export const MAX_GROUPS = 1_000;
/** Maximum number of series in an answer, besides the one of all others. */
export const MAX_SERIES = 50;

export interface AnalyticsOptions {
  readonly store: Pick<Store, 'query' | 'functions' | 'reading' | 'count'>;
  /** The turns of the event loop in which answers are made. Default: shared with nobody. */
  readonly portions?: Portions;
  /** A copy of the rows by columns, and the log of its failures. Default: there is none. */
  readonly columns?: ColumnsCopy;
  /** The rows that retention has archived. Default: there is no archive. */
  readonly archive?: ArchiveReader;
  /** `RAW` and `COLUMNS`: read nothing else; for comparisons. Default: ANY. */
  readonly sources?: AllowedSources;
  /** The instants from which rows and cells are complete. Default: nothing was ever removed. */
  readonly horizons?: HorizonReader;
}

const NOTHING_REMOVED: HorizonReader = { known: async () => NO_HORIZONS, read: async () => NO_HORIZONS };

/** The read path: planner, compiler, executor. */
export function createAnalytics({
  store,
  sources = 'ANY',
  horizons = NOTHING_REMOVED,
  portions = createPortions(),
  columns,
  archive,
}: AnalyticsOptions): Analytics {
  const { query, functions, reading, count } = store;
  const copy = columns && { query: columns.copy.query, functions: columnsFunctions, reading };
  const context: ReadContext = {
    ...{ query, functions, reading, count, pass: portions.pass },
    columns: copy,
  };
  const whileTheyHold = holdHorizons(horizons);
  const askColumns = createAskColumns(columns ?? null);

  async function read(spec: QuerySpec, selection: Selection): Promise<[Question, Aggregation]> {
    checkScope(spec, spec.dimensions);
    return whileTheyHold(spec, (known) =>
      askArchive<[Question, Aggregation]>(archive ?? null, spec, {
        answer: (state, opened) =>
          askColumns(spec, {
            plan: (columnsState) => ask(spec, { known, sources, columns: columnsState, archive: state }),
            read: (question) =>
              opened(question.plan, async (rows) => [
                question,
                await execute(withArchived(context, rows), question, selection),
              ]),
          }),
        countDays: (range) => countDays(context, spec, { known, range }),
      }),
    );
  }

  async function keptRows(scope: Pick<Scope, 'dataset' | 'projectId' | 'range'>): Promise<Answer<null>> {
    const boundaries = [scope.range.from, scope.range.to];
    const spec = { ...scope, filter: null, dimensions: [], boundaries, measures: [] };
    const known = await horizons.read(scope.projectId, scope.dataset);
    return answer(ask(spec, { known, sources: 'RAW', columns: null }), { rowsRead: 0 }, null);
  }

  return {
    async totals(scope, wanted) {
      const boundaries = [scope.range.from, scope.range.to];
      const spec = { ...scope, dimensions: [], boundaries, measures: wanted };
      const [question, aggregation] = await read(spec, { kind: 'all' });
      return answer(question, aggregation, toTotals(question, aggregation));
    },

    async groups(scope, dimensions, wanted, options) {
      const { orderBy: order, first, atLeast = 1 } = options;
      checkBetween(first, MAX_GROUPS, 'first');
      const measures = measuresForOrder(scope.dataset, wanted, order);
      const spec = { ...scope, dimensions, boundaries: [scope.range.from, scope.range.to], measures };
      const [question, aggregation] = await read(spec, { kind: 'ranked', order, first, atLeast });
      return answer(question, aggregation, toGroups(question, aggregation, options, wanted));
    },

    async series(scope, wanted, options) {
      checkBetween(options.top, MAX_SERIES, 'top');
      const buckets = cutSeries(scope.range, options.grain, options.timeZone);
      const { dimensions } = options;
      const { selection, ranking } = await selectSeries(read, scope, options);
      const spec = { ...scope, dimensions, boundaries: buckets.boundaries, measures: wanted };
      const [question, aggregation] = await read(spec, selection);
      const bounds = boundsOf(question, buckets);
      const series = await toSeries(context, question, aggregation, { ...options, bounds });
      const { value, source } = answer(question, aggregation, series);
      if (ranking === null) return { value, source };
      return { value, source: mergeSources([source, answer(...ranking, null).source]) };
    },

    distribution: (scope, options) => readDistribution({ read, keptRows }, scope, options),
    presence: (...asked) => readPresence(read, ...asked),

    async occurrences(scope, dimensions, now) {
      const spec = { ...scope, dimensions, boundaries: cutByDays(scope.range, now), measures: [] };
      const [question, aggregation] = await read(spec, { kind: 'all' });
      const groups = aggregation.groups.list().map((group) => ({
        dimensions: toDimensions(dimensions, group.values),
        ...stretchesOf(group, question.spec.boundaries),
      }));
      return answer(question, aggregation, groups);
    },

    ends: (scope, column, wanted) =>
      whileTheyHold(scope, (known) => readEnds(context, { ...scope, column, wanted }, known.rows)),

    keptRows,

    async windows(scope, wanted, options, keep) {
      checkScope(scope, options.dimensions);
      checkWindows(scope.range, options);
      if (wanted.some(({ measure, totals }) => isAttribute(measure) || totals?.includes('distinct')))
        throw new InvalidArgument(
          'Sliding windows count no distinct values, and read no attributes.',
          'measure',
        );
      const asked = { ...scope, dimensions: options.dimensions, measures: wanted };
      return whileTheyHold(scope, (known) =>
        askColumns(asked, {
          plan: (state) => askWindows(asked, options, { known, sources, columns: state }),
          async read({ frame, ...question }) {
            const found = await readWindows(context, { question, frame, top: options.top, keep });
            return answerWindows(question, frame, found, { ...options, asked: scope.range });
          },
        }),
      );
    },
  };
}

/** The context of a question that reads these rows of the archive, if it reads any. */
function withArchived(context: ReadContext, rows: ArchivedRows | null): ReadContext {
  const { reading } = context;
  if (rows === null) return context;
  return { ...context, archive: { query: rows.query, functions: columnsFunctions, reading } };
}

/** What a question may be answered from. */
interface Answerers {
  readonly known: Horizons;
  readonly sources: AllowedSources;
  readonly columns: ColumnsState;
  /** Default: the archive answers nothing. */
  readonly archive?: ArchiveState | null;
}

/** The question with its plan: range and boundaries are limited to the data that is kept. */
function ask(spec: QuerySpec, { known, sources, columns, archive = null }: Answerers): Question {
  const rows = archive === null ? known.rows : Math.min(archive.since, known.rows);
  const kept = { ...known, rows };
  const found = plan(spec, { sources, columns, availableFrom: (set) => availableFrom(kept, set) });
  const planned = archive === null ? found : withArchive(found, known.rows, archive.why);
  const boundaries = planned.cuts.map(({ instant }) => instant);
  const range = { from: boundaries[0] ?? spec.range.from, to: boundaries.at(-1) ?? spec.range.to };
  const measures = resolveMeasures(spec.dataset, spec.measures);
  const isIncomplete = known.making.size > 0 && !planned.segments.every(isOfCells);
  const reason = isIncomplete ? `${planned.reason}; some rollups are still being made` : planned.reason;
  return { spec: { ...spec, range, boundaries }, measures, plan: { ...planned, reason } };
}

/** The number of events of each day in UTC by the totals, where they are kept. The range has whole days. */
async function countDays(
  context: ReadContext,
  { dataset, projectId }: Pick<Scope, 'dataset' | 'projectId'>,
  { known, range: { from, to } }: { readonly known: Horizons; readonly range: Interval },
): Promise<ReadonlyMap<number, number>> {
  const boundaries = Array.from({ length: (to - from) / DAY_MS + 1 }, (_, day) => from + day * DAY_MS);
  const spec = {
    dataset,
    projectId,
    range: { from, to },
    filter: null,
    boundaries,
    dimensions: [],
    measures: [],
  };
  const question = ask(spec, { known, sources: 'ANY', columns: null });
  if (question.plan.kind !== 'ROLLUP') return new Map();
  const { groups } = await execute(context, question, { kind: 'all' });
  const buckets = groups.list()[0]?.buckets ?? [];
  const days = question.spec.boundaries.slice(0, -1);
  return new Map(days.map((day, index) => [day, buckets[index]?.rowCount ?? 0]));
}

/**
 * The question for sliding windows, cut where they begin and end. Omits windows that begin before
 * the data is complete.
 */
function askWindows(
  asked: Omit<QuerySpec, 'boundaries'>,
  options: WindowOptions,
  answerers: Answerers,
): Question & { readonly frame: WindowFrame } {
  const frameSince = (since: number) => frameWindows(asked.range, options, since);
  const boundariesFrom = (since: number) => frameSince(since).boundaries;
  const { known, sources } = answerers;
  const since = asked.range.exact
    ? Number.NEGATIVE_INFINITY
    : answerableFrom(asked, known, sources === 'ANY', boundariesFrom);
  const frame = frameSince(since);
  // A window is answered exactly or omitted; its boundaries never move.
  const range = { ...asked.range, exact: true } as const;
  return { ...ask({ ...asked, range, boundaries: frame.boundaries }, answerers), frame };
}

function checkScope({ dataset, range }: Scope, dimensions: readonly string[]): void {
  if (!(range.from < range.to)) throw new InvalidArgument('The range must end after it begins.', 'range');
  const unknown = dimensions.find(
    (name) => !isWithinColumn(name) && !dataset.dimensions.some((column) => column.name === name),
  );
  if (unknown !== undefined)
    throw new InvalidArgument(`${dataset.name} has no dimension ${unknown}.`, 'dimensions');
}
