import { cellsHorizon } from '../core/rollup/horizons.ts';
import { type DayInSnapshot, eachDay } from '../rollups/each-day.ts';
import { verifyDays } from '../rollups/verify.ts';
import type { Check, CheckContext } from './context.ts';
import type { Finding, Step } from './report.ts';

/**
 * Compares the totals with the rows. The quick check only compares the number of events of each
 * day.
 */
export const checkRollups: Check = (context) =>
  context.mode === 'FULL' ? compareCells(context) : compareCounts(context);

const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10);
const adviceOf = (dataset: string): string =>
  `Rebuild them from the rows, even while servers run: telltale rollups rebuild --dataset ${dataset}.`;

async function* compareCells({ store, datasets }: CheckContext): AsyncGenerator<Step> {
  for (const [index, dataset] of datasets.entries()) {
    for await (const { projectId, day, rows, cells, differences } of verifyDays(store, dataset)) {
      const [first] = differences;
      const findings =
        first === undefined
          ? []
          : [
              {
                ...({
                  check: 'ROLLUPS',
                  subject: dataset.name,
                  projectId,
                  count: differences.length,
                } as const),
                problem:
                  `${differences.length} cells of ${dataset.name} on ${dayOf(day)} differ from the rows. The first, of the ` +
                  `set "${first.dimensionSet}" per ${first.grain.toLowerCase()} at ${new Date(first.bucket).toISOString()}, ${first.problem}.`,
                advice: adviceOf(dataset.name),
              },
            ];
      const what = `rollups of ${dataset.name} of ${projectId} on ${dayOf(day)}`;
      yield { what, done: index / datasets.length, looked: rows + cells, findings };
    }
    yield { what: dataset.name, done: (index + 1) / datasets.length, looked: 0 };
  }
}

async function* compareCounts({ datasets, store }: CheckContext): AsyncGenerator<Step> {
  for (const [index, dataset] of datasets.entries()) {
    const days = eachDay(store, dataset, async (day) => ({
      rows: await countRows(store, day),
      cells: day.from < cellsHorizon(day.horizons, '', 'DAY') ? null : await totalOf(day),
    }));
    for await (const { projectId, day, value } of days) {
      const { rows, cells } = value;
      const findings: Finding[] = [];
      if (cells !== null && cells !== rows) {
        findings.push({
          ...{ check: 'ROLLUPS', subject: dataset.name, projectId, count: 1 },
          problem: `The total of ${dataset.name} on ${dayOf(day)} counts ${cells} events, and there are ${rows} rows.`,
          advice: adviceOf(dataset.name),
        });
      }
      const what = `rollups of ${dataset.name} of ${projectId} on ${dayOf(day)}`;
      yield { what, done: index / datasets.length, looked: rows, findings };
    }
    yield { what: dataset.name, done: (index + 1) / datasets.length, looked: 0 };
  }
}

async function countRows(
  { functions }: CheckContext['store'],
  { snapshot, dataset, projectId, from, to }: DayInSnapshot,
): Promise<number> {
  const { rows } = await snapshot
    .selectFrom(dataset.table)
    .select((expression) => expression.fn.countAll().as('rows'))
    .where('project_id', '=', projectId)
    .where('timestamp', '>=', functions.instant(from))
    .where('timestamp', '<', functions.instant(to))
    .executeTakeFirstOrThrow();
  return Number(rows);
}

/** How many events the totals of the day count, over all writers. */
async function totalOf({ snapshot, dataset, projectId, from }: DayInSnapshot): Promise<number> {
  const { cells } = await snapshot
    .selectFrom('rollup_cells')
    .select((expression) => expression.fn.sum('row_count').as('cells'))
    .where('project_id', '=', projectId)
    .where('dataset', '=', dataset.name)
    .where('dimension_set', '=', '')
    .where('grain', '=', 'DAY')
    .where('bucket', '=', from)
    .executeTakeFirstOrThrow();
  return Number(cells ?? 0);
}
