import { sql } from 'kysely';
import { tablesOfProjects } from '../access/project-removal.ts';
import { DEFAULT_ROW_DAYS } from '../core/dataset/retention.ts';
import { DAY_MS } from '../core/time/units.ts';
import { projectsIn } from '../rollups/stored-rows.ts';
import type { Check, CheckContext } from './context.ts';
import { REFERENCES, type Reference } from './references.ts';
import type { Finding, Step } from './report.ts';

/** Tables that refer to a dataset by its name. */
const OF_DATASETS = ['rollup_cells', 'retention_policies', 'retention_horizons'];
/** The suffix of tables for full-text search. Triggers keep them in step with their tables. */
const SEARCH_TABLE = /_search$/;

/** Finds rows whose project, dataset or owner does not exist. */
export const checkOrphans: Check = async function* (context) {
  const tables = (await tablesOfProjects(context.store)).filter((table) => !SEARCH_TABLE.test(table));
  const known = await knownProjects(context);
  const steps = tables.length + OF_DATASETS.length + REFERENCES.length;
  let step = 0;
  const done = () => ++step / steps;
  for (const table of tables) yield { ...(await ofUnknownProjects(context, table, known)), done: done() };
  for (const table of OF_DATASETS) yield { ...(await ofUnknownDatasets(context, table)), done: done() };
  for (const reference of REFERENCES) yield { ...(await withoutOwner(context, reference)), done: done() };
};

type PartOfStep = Omit<Step, 'done'>;

/** Includes projects that are being deleted, because their rows are removed in batches. */
async function knownProjects({ store: { query } }: CheckContext): Promise<ReadonlySet<string>> {
  const rows = await query.selectFrom('projects').select('project_id').execute();
  return new Set(rows.map(({ project_id: projectId }) => projectId));
}

async function ofUnknownProjects(
  { store: { query } }: CheckContext,
  table: string,
  known: ReadonlySet<string>,
): Promise<PartOfStep> {
  const projects = await projectsIn(query, table);
  const findings: Finding[] = [];
  for (const projectId of projects) {
    if (known.has(projectId)) continue;
    const { count } = await query
      .selectFrom(table)
      .select((expression) => expression.fn.countAll().as('count'))
      .where('project_id', '=', projectId)
      .executeTakeFirstOrThrow();
    findings.push({
      ...{ check: 'ORPHANS', subject: table, projectId, count: Number(count) },
      problem: `${Number(count)} rows of ${table} belong to the project "${projectId}", which does not exist.`,
      advice: `Create the project "${projectId}" to see them, and delete it again to remove them.`,
    });
  }
  return { what: `projects of ${table}`, looked: projects.length, findings };
}

/**
 * Rows of datasets that no longer exist: a version that no longer declares a dataset leaves its
 * notes and cells behind.
 */
async function ofUnknownDatasets(
  { store: { query }, datasets }: CheckContext,
  table: string,
): Promise<PartOfStep> {
  const findings: Finding[] = [];
  let looked = 0;
  for (const projectId of await projectsIn(query, table)) {
    for (let last = ''; ; looked++) {
      const { next } = await query
        .selectFrom(table)
        .select((expression) => expression.fn.min<string | null>('dataset').as('next'))
        .where('project_id', '=', projectId)
        .where('dataset', '>', last)
        .executeTakeFirstOrThrow();
      if (next === null) break;
      last = next;
      if (datasets.some(({ name }) => name === next)) continue;
      findings.push({
        ...{ check: 'ORPHANS', subject: table, projectId, count: 1 },
        problem: `${table} has rows of the dataset "${next}", which this version does not know.`,
        advice: 'Nothing reads them. If no newer version wrote them, they may be deleted.',
      });
    }
  }
  return { what: `datasets of ${table}`, looked, findings };
}

/** Some days may pass between the removal of an alert and that of its deliveries. */
const DAYS_OF_GRACE = 7;

async function withoutOwner(
  { store: { query, functions }, now, retentionDays }: CheckContext,
  { from, to, column, unless, isKeptLonger }: Reference,
): Promise<PartOfStep> {
  const days = (retentionDays ?? DEFAULT_ROW_DAYS) - DAYS_OF_GRACE;
  const owner = query
    .selectFrom(`${to.table} as owner`)
    .select(sql`1`.as('one'))
    .whereRef('owner.project_id', '=', 'row.project_id')
    .whereRef(`owner.${column}`, '=', `row.${column}`);
  let orphans = query.selectFrom(`${from.table} as row`).where(({ not, exists }) => not(exists(owner)));
  if (unless !== undefined) orphans = orphans.where(`row.${unless.column}`, '!=', unless.value);
  if (isKeptLonger) orphans = orphans.where('row.created_at', '>=', functions.instant(now - days * DAY_MS));
  const found = await orphans
    .select((expression) => ['row.project_id as projectId', expression.fn.countAll().as('count')])
    .groupBy('row.project_id')
    .execute();
  const findings = found.map(
    ({ projectId, count }): Finding => ({
      ...{ check: 'ORPHANS', subject: from.table, projectId, count: Number(count) },
      problem:
        `${Number(count)} rows of ${from.table} refer by ${column} to a row of ${to.table} that does ` +
        'not exist.',
      advice: 'No list shows them. They do no harm, and are removed with their project.',
    }),
  );
  return { what: `${from.name} without ${to.name}`, looked: found.length, findings };
}
