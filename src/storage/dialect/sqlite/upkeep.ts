import { type RawBuilder, sql } from 'kysely';
import { messageOf } from '../../../core/thrown.ts';
import type { QueryBuilder } from '../../store.ts';
import { COUNTED_ROWS, type Damage, expectIndex, type TableSize, type Upkeep } from '../../upkeep.ts';
import { asUnavailable } from '../unavailable.ts';
import { TABLE_OF_CELLS } from './cells.ts';

/** A b-tree of the file: a table or an index. */
interface Tree {
  readonly type: 'table' | 'index';
  readonly name: string;
  readonly table: string;
  readonly root: number;
}

interface Measured {
  readonly bytes: number;
  readonly rows: number;
}

/** Checks the pages of the file by SQLite's own checks, and measures them with `dbstat`. */
export function createUpkeep(query: QueryBuilder): Upkeep {
  return {
    async *check(mode) {
      let trees: readonly Tree[];
      try {
        trees = await readTrees(query);
      } catch (error) {
        yield { what: 'the schema', done: 1, damages: [damageOf(damagedBy(error), [])], unchecked: null };
        return;
      }
      const tables = trees.filter(({ type }) => type === 'table').map(({ name }) => name);
      const compared = mode === 'FULL' ? tables : [];
      const steps = compared.length + 1;
      const pages = await checkPages(query, tables);
      yield { what: 'all pages', done: 1 / steps, damages: pages.map(toDamage(trees)), unchecked: null };
      for (const [index, table] of compared.entries()) {
        const what = `table ${table} with its indexes`;
        const damages = (await checkTable(query, table)).map(toDamage(trees));
        yield { what, done: (index + 2) / steps, damages, unchecked: null };
      }
    },

    async sizes(mode) {
      const trees = await readTrees(query);
      const measured = mode === 'FULL' ? await measure(query) : null;
      const sizes: TableSize[] = [];
      for (const { name } of trees.filter(({ type }) => type === 'table')) {
        const found = measured?.get(name);
        const rows =
          found === undefined ? await estimateRows(query, name) : { rows: found.rows, isEstimated: false };
        sizes.push({
          table: name,
          ...rows,
          bytes: found?.bytes ?? null,
          indexes: trees
            .filter(({ type, table }) => type === 'index' && table === name)
            .map((index) => ({ name: index.name, bytes: measured?.get(index.name)?.bytes ?? null })),
        });
      }
      return sizes;
    },

    async reindex(name) {
      const indexes = (await readTrees(query)).filter(({ type }) => type === 'index');
      expectIndex(name, indexes);
      await sql`reindex ${sql.id(name)}`.execute(query);
    },
  };
}

/** Tables without a root page are views of other tables, such as those of full-text search. */
async function readTrees(query: QueryBuilder): Promise<readonly Tree[]> {
  const { rows } = await sql<Tree>`select type, name, tbl_name as "table", rootpage as root
    from sqlite_schema where rootpage > 0 order by name`.execute(query);
  return rows;
}

/** The problem, and the table that was being checked when SQLite could not continue. */
interface Complaint {
  readonly problem: string;
  readonly table?: string;
}

const toDamage =
  (trees: readonly Tree[]) =>
  ({ problem, table }: Complaint): Damage =>
    table === undefined ? damageOf(problem, trees) : { kind: 'TABLE', name: table, table, problem };

/**
 * SQLite gives up when it cannot read rows, without saying in which table. Then each table is
 * tried.
 */
async function checkPages(query: QueryBuilder, tables: readonly string[]): Promise<readonly Complaint[]> {
  try {
    return await complaintsOf(query, sql`pragma_quick_check`);
  } catch (error) {
    const problem = damagedBy(error);
    const complaints: Complaint[] = [];
    for (const table of tables) complaints.push(...(await quickCheck(query, table)));
    return complaints.length === 0 ? [{ problem }] : complaints;
  }
}

/**
 * Compares a table with its indexes. A damaged index may end the comparison; its pages are then
 * checked.
 */
async function checkTable(query: QueryBuilder, table: string): Promise<readonly Complaint[]> {
  try {
    return await complaintsOf(query, sql`pragma_integrity_check(${table})`);
  } catch (error) {
    const problem = damagedBy(error);
    const complaints = await quickCheck(query, table);
    return complaints.length === 0 ? [{ problem, table }] : complaints;
  }
}

async function quickCheck(query: QueryBuilder, table: string): Promise<readonly Complaint[]> {
  try {
    return await complaintsOf(query, sql`pragma_quick_check(${table})`);
  } catch (error) {
    return [{ problem: damagedBy(error), table }];
  }
}

async function complaintsOf(query: QueryBuilder, check: RawBuilder<unknown>): Promise<readonly Complaint[]> {
  const { rows } = await sql<Record<string, string>>`select * from ${check}`.execute(query);
  const lines = rows.flatMap((row) => Object.values(row)).flatMap((text) => text.split('\n'));
  const problems = lines.filter((line) => line !== 'ok' && line !== '' && !line.startsWith('***'));
  return problems.map((problem) => ({ problem }));
}

/** @throws the error if it does not say that the file is damaged */
function damagedBy(error: unknown): string {
  if (asUnavailable(error)?.trouble !== 'DAMAGED') throw error;
  return messageOf(error);
}

/**
 * The subject of a line of the check. SQLite names the root page of a tree ("Tree 16 page 345 cell
 * 3: …", "On tree page 16 cell 3: …"), or an index ("row 5 missing from index …", "wrong # of
 * entries in index …"), or a table ("NULL value in llm_calls.provider").
 */
function damageOf(problem: string, trees: readonly Tree[]): Damage {
  const root = /\btree (?:page )?(\d+)\b/i.exec(problem)?.[1];
  const index = /\bindex (\S+)$/.exec(problem)?.[1];
  const table = /\bin ([^\s.]+)\.\S+$/.exec(problem)?.[1];
  const tree = trees.find((candidate) =>
    root === undefined ? candidate.name === (index ?? table) : candidate.root === Number(root),
  );
  if (tree === undefined) return { kind: 'UNKNOWN', name: '', table: '', problem };
  return { kind: tree.type === 'index' ? 'INDEX' : 'TABLE', name: tree.name, table: tree.table, problem };
}

/**
 * The leaves of a table's tree hold its rows. In a table without row numbers, the other pages hold
 * rows, too.
 */
async function measure(query: QueryBuilder): Promise<ReadonlyMap<string, Measured>> {
  const { rows } = await sql<Measured & { name: string }>`select name, sum(pgsize) as bytes,
    sum(case when pagetype = 'leaf' or name = ${TABLE_OF_CELLS} then ncell else 0 end) as rows
    from dbstat group by name`.execute(query);
  return new Map(rows.map(({ name, ...measured }) => [name, measured]));
}

/**
 * Row numbers ascend, so the first and the last one give the maximum number of rows. There are
 * fewer if some in between were removed. Cells have no row numbers: of many cells, it returns how
 * many it has counted.
 */
async function estimateRows(
  query: QueryBuilder,
  table: string,
): Promise<Pick<TableSize, 'rows' | 'isEstimated'>> {
  const few = query
    .selectFrom(table)
    .select(sql`1`.as('row'))
    .limit(COUNTED_ROWS + 1);
  const { counted } = await query
    .selectFrom(few.as('few'))
    .select((expression) => expression.fn.countAll<number>().as('counted'))
    .executeTakeFirstOrThrow();
  if (counted <= COUNTED_ROWS) return { rows: counted, isEstimated: false };
  if (table === TABLE_OF_CELLS) return { rows: counted, isEstimated: true };
  const { rows } = await sql<{ first: number; last: number }>`select
    (select rowid from ${sql.table(table)} order by rowid limit 1) as first,
    (select rowid from ${sql.table(table)} order by rowid desc limit 1) as last`.execute(query);
  const { first = 0, last = 0 } = rows[0] ?? {};
  return { rows: last - first + 1, isEstimated: true };
}
