import type { ArchivedRows, ArchiveReader } from '../archive/archived-rows.ts';
import { columnsFunctions } from '../columns/functions.ts';
import type { ColumnsCopy } from '../columns/read-columns.ts';
import { isAttribute } from '../core/dataset/attribute.ts';
import { isWithinColumn } from '../core/dataset/field.ts';
import { InvalidArgument } from '../core/errors.ts';
import { NO_HORIZONS } from '../core/rollup/horizons.ts';
import { createPortions, type Portions } from '../runtime/portions.ts';
import type { HorizonReader } from '../storage/horizons.ts';
import type { Store } from '../storage/store.ts';
import type { Analytics } from './analytics.ts';
import { answer, answerWindows } from './answers.ts';
import { ask, askWindows, countDays } from './ask.ts';
import { askArchive } from './ask-archive.ts';
import { createAskColumns } from './ask-columns.ts';
import { type Aggregation, execute, type Selection } from './execute.ts';
import { holdHorizons } from './hold-horizons.ts';
import type { AllowedSources } from './plan.ts';
import type { Question } from './question.ts';
import type { ReadContext } from './read-context.ts';
import { readWindows } from './read-windows.ts';
import type { Answer, QuerySpec, Scope, WantedMeasure, WindowOptions } from './spec.ts';
import { checkWindows } from './window-frame.ts';

export interface AnalyticsOptions {
  readonly store: Pick<Store, 'query' | 'functions' | 'reading' | 'count' | 'scope' | 'readEvents'>;
  /** Takes turns of the event loop for the work on answers. Default: shares them with nobody. */
  readonly portions?: Portions;
  /** A columnar copy of the rows, and the log of its failures. Default: there is none. */
  readonly columns?: ColumnsCopy;
  /** The rows that retention has archived. Default: there is no archive. */
  readonly archive?: ArchiveReader;
  /** `RAW` and `COLUMNS`: read nothing else; for comparisons. Default: ANY. */
  readonly sources?: AllowedSources;
  /** The instants from which rows and cells are complete. Default: nothing was ever removed. */
  readonly horizons?: HorizonReader;
}

const NOTHING_REMOVED: HorizonReader = { known: async () => NO_HORIZONS, read: async () => NO_HORIZONS };

/** Plans questions, and reads their answers from whichever source can give them. */
export interface Reader extends Pick<Analytics, 'keptRows' | 'windows'> {
  readonly context: ReadContext;
  /** Does work with the horizons, and repeats it if they have moved meanwhile. */
  readonly whileTheyHold: ReturnType<typeof holdHorizons>;
  /** @throws InvalidArgument for an empty range, and for a dimension that the dataset lacks */
  read(spec: QuerySpec, selection: Selection): Promise<[Question, Aggregation]>;
}

export function createReader({
  store,
  sources = 'ANY',
  horizons = NOTHING_REMOVED,
  portions = createPortions(),
  columns,
  archive,
}: AnalyticsOptions): Reader {
  const { query, functions, reading, count } = store;
  const { pass } = portions;
  const copy = columns && { query: columns.copy.query, functions: columnsFunctions, reading, pass };
  const context: ReadContext = {
    ...{ query, functions, reading, count, pass },
    columns: copy,
  };
  const hold = holdHorizons(horizons);
  const whileTheyHold: typeof hold = (...asked) => store.readEvents(() => hold(...asked));
  const target = () => store.scope().target;
  // The copy is one of the primary, and so are the horizons of what it holds.
  const askColumns = createAskColumns(columns ?? null, () => target()?.leave());
  const behindMs = () => target()?.behindMs ?? null;

  async function read(spec: QuerySpec, selection: Selection): Promise<[Question, Aggregation]> {
    checkScope(spec, spec.dimensions);
    return whileTheyHold(spec, (known) =>
      askArchive<[Question, Aggregation]>(archive ?? null, spec, {
        answer: (state, opened) =>
          askColumns(spec, {
            plan: (columnsState) => ask(spec, { known, sources, columns: columnsState, archive: state }),
            read: (question) =>
              opened(question.plan, async (rows) => {
                const aggregation = await execute(withArchived(context, rows), question, selection);
                return [{ ...question, behindMs: behindMs() }, aggregation];
              }),
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

  const windows: Analytics['windows'] = async (scope, wanted, options, keep) => {
    checkScope(scope, options.dimensions);
    checkWindows(scope.range, options);
    checkSlides(wanted, options);
    const asked = { ...scope, dimensions: options.dimensions, measures: wanted };
    return whileTheyHold(scope, (known) =>
      askColumns(asked, {
        plan: (state) => askWindows(asked, options, { known, sources, columns: state }),
        async read(question) {
          const { frame } = question;
          const found = await readWindows(context, { question, frame, top: options.top, keep });
          const shown = { ...options, asked: scope.range };
          return answerWindows({ ...question, behindMs: behindMs() }, found, shown);
        },
      }),
    );
  };

  return { context, whileTheyHold, read, keptRows, windows };
}

/** The context of a question, with the archived rows that it reads, if any. */
function withArchived(context: ReadContext, rows: ArchivedRows | null): ReadContext {
  const { reading, pass } = context;
  if (rows === null) return context;
  return { ...context, archive: { query: rows.query, functions: columnsFunctions, reading, pass } };
}

/**
 * Distinct values of buckets cannot be added up to those of a window, so each window must be a
 * bucket.
 */
function checkSlides(wanted: readonly WantedMeasure[], { width, step }: WindowOptions): void {
  if (wanted.some(({ measure }) => isAttribute(measure)))
    throw new InvalidArgument('Sliding windows cannot read attributes.', 'measure');
  if (width === step || !wanted.some(({ totals }) => totals?.includes('distinct'))) return;
  throw new InvalidArgument('Overlapping windows cannot count distinct values.', 'measure');
}

function checkScope({ dataset, range }: Scope, dimensions: readonly string[]): void {
  if (!(range.from < range.to)) throw new InvalidArgument('The range must end after it begins.', 'range');
  const unknown = dimensions.find(
    (name) => !isWithinColumn(name) && !dataset.dimensions.some((column) => column.name === name),
  );
  if (unknown !== undefined)
    throw new InvalidArgument(`${dataset.name} has no dimension ${unknown}.`, 'dimensions');
}
