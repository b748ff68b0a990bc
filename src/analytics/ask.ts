import type { Horizons } from '../core/rollup/horizons.ts';
import type { Interval } from '../core/time/range.ts';
import { DAY_MS } from '../core/time/units.ts';
import { type ArchiveState, withArchive } from './ask-archive.ts';
import { answerableFrom, availableFrom } from './availability.ts';
import { isOfCells } from './cover.ts';
import { execute } from './execute.ts';
import { resolveMeasures } from './measures.ts';
import { type AllowedSources, type ColumnsState, plan } from './plan.ts';
import type { Question } from './question.ts';
import type { ReadContext } from './read-context.ts';
import type { QuerySpec, Scope, WindowOptions } from './spec.ts';
import { frameWindows, type WindowFrame } from './window-frame.ts';

/** What a question may be answered from. */
export interface Answerers {
  readonly known: Horizons;
  readonly sources: AllowedSources;
  readonly columns: ColumnsState;
  /** Default: the archive answers nothing. */
  readonly archive?: ArchiveState | null;
}

/** The question with its plan: range and boundaries are limited to the data that is kept. */
export function ask(spec: QuerySpec, { known, sources, columns, archive = null }: Answerers): Question {
  const rows = archive === null ? known.rows : Math.min(archive.since, known.rows);
  const kept = { ...known, rows };
  const found = plan(spec, { sources, columns, availableFrom: (set) => availableFrom(kept, set) });
  const planned = archive === null ? found : withArchive(found, known.rows, archive.why);
  const boundaries = planned.cuts.map(({ instant }) => instant);
  const range = { from: boundaries[0] ?? spec.range.from, to: boundaries.at(-1) ?? spec.range.to };
  const measures = resolveMeasures(spec.dataset, spec.measures);
  const isIncomplete = known.making.size > 0 && !planned.segments.every(isOfCells);
  const reason = isIncomplete ? `${planned.reason}; some rollups are still being built` : planned.reason;
  return { spec: { ...spec, range, boundaries }, measures, plan: { ...planned, reason } };
}

/**
 * The number of events of each UTC day according to the totals, for days whose totals are kept. The
 * range must consist of whole days.
 */
export async function countDays(
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
 * The question for sliding windows, cut where the windows begin and end. Omits windows that begin
 * before the data is complete.
 */
export function askWindows(
  asked: Omit<QuerySpec, 'boundaries'>,
  options: WindowOptions,
  answerers: Answerers,
): Question & { readonly frame: WindowFrame } {
  const frameSince = (since: number) => frameWindows(asked.range, options, since);
  const boundariesFrom = (since: number) => frameSince(since).boundaries;
  const { known, sources } = answerers;
  const since = asked.range.exact
    ? Number.NEGATIVE_INFINITY
    : answerableFrom(asked, { horizons: known, cells: sources === 'ANY', boundariesFrom });
  const frame = frameSince(since);
  // A window is answered exactly or omitted; its boundaries never move.
  const range = { ...asked.range, exact: true } as const;
  return { ...ask({ ...asked, range, boundaries: frame.boundaries }, answerers), frame };
}
