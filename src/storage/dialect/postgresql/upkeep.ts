import { type RawBuilder, sql } from 'kysely';
import { codeOf, messageOf } from '../../../core/thrown.ts';
import type { QueryBuilder } from '../../store.ts';
import {
  type CheckStep,
  COUNTED_ROWS,
  type Damage,
  expectIndex,
  type TableSize,
  type Upkeep,
} from '../../upkeep.ts';
import { asUnavailable } from '../unavailable.ts';
import { sizeOfShards } from './citus/shard-sizes.ts';

interface Relation {
  readonly name: string;
  readonly table: string;
  readonly isValid: boolean;
}

export interface Size {
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
}

const NO_AMCHECK =
  'PostgreSQL checks tables and indexes with the extension amcheck, which this database lacks: run ' +
  '"create extension amcheck" as its owner.';
const NO_SHARDS =
  'The shards on the nodes of Citus were not checked: run pg_amcheck for the database of each node.';
const NOT_PERMITTED = '42501';

/**
 * Checks with the extension amcheck if it is installed. Its functions take the lock of a reader, so
 * events can be recorded meanwhile.
 */
export function createUpkeep(query: QueryBuilder, spread: ReadonlySet<string> = new Set()): Upkeep {
  return {
    async *check(mode) {
      const [schema, indexes, tables] = [
        await schemaOfAmcheck(query),
        await readIndexes(query),
        await readTables(query),
      ];
      const checked =
        schema === null
          ? []
          : [...(mode === 'FULL' ? tables : []), ...indexes.filter(({ isValid }) => isValid)];
      const steps = checked.length + 1;
      yield {
        what: 'the catalog',
        done: 1 / steps,
        damages: [
          ...(await readChecksumFailures(query)),
          ...indexes.filter(({ isValid }) => !isValid).map(invalid),
        ],
        unchecked: schema === null ? NO_AMCHECK : spread.size > 0 ? NO_SHARDS : null,
      };
      for (const [index, relation] of checked.entries()) {
        const done = (index + 2) / steps;
        const call = isTable(relation)
          ? sql`select msg as problem from ${sql.id(schema ?? '', 'verify_heapam')}(cast(${`"${relation.name}"`} as regclass))`
          : sql`select ${sql.id(schema ?? '', 'bt_index_check')}(cast(${`"${relation.name}"`} as regclass), ${mode === 'FULL'}), cast(null as text) as problem`;
        yield { ...(await checkRelation(query, relation, call)), done };
      }
    },

    async sizes() {
      const { rows: found } = await sql<Size>`select relname as "table", cast(reltuples as float8) as rows,
          cast(pg_table_size(oid) as float8) as bytes
        from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace order by relname`.execute(
        query,
      );
      const indexes = await readIndexSizes(query);
      const sizes: TableSize[] = [];
      for (const size of found) {
        const isSpread = spread.has(size.table);
        const { table, rows, bytes } = isSpread ? await sizeOfShards(query, size.table) : size;
        const counted = await countRows(query, table, rows);
        // The coordinator has only empty indexes for a spread table.
        const ofTable = (indexes.get(table) ?? []).map((index) =>
          isSpread ? { ...index, bytes: null } : index,
        );
        sizes.push({ table, ...counted, bytes, indexes: ofTable });
      }
      return sizes;
    },

    async reindex(name) {
      expectIndex(name, await readIndexes(query));
      await sql`reindex index concurrently ${sql.id(name)}`.execute(query);
    },
  };
}

const isTable = ({ name, table }: Relation) => name === table;

async function schemaOfAmcheck(query: QueryBuilder): Promise<string | null> {
  const { rows } = await sql<{ schema: string }>`select extnamespace::regnamespace::text as schema
    from pg_extension where extname = 'amcheck'`.execute(query);
  return rows[0]?.schema ?? null;
}

/** The b-trees of our tables. */
async function readIndexes(query: QueryBuilder): Promise<readonly Relation[]> {
  const { rows } =
    await sql<Relation>`select index.relname as name, owner.relname as "table", indisvalid as "isValid"
    from pg_index join pg_class as index on index.oid = indexrelid join pg_class as owner on owner.oid = indrelid
      join pg_am on pg_am.oid = index.relam
    where amname = 'btree' and index.relkind = 'i' and owner.relnamespace = current_schema()::regnamespace
    order by owner.relname, index.relname`.execute(query);
  return rows;
}

async function readTables(query: QueryBuilder): Promise<readonly Relation[]> {
  const { rows } = await sql<Relation>`select relname as name, relname as "table", true as "isValid"
    from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace order by relname`.execute(
    query,
  );
  return rows;
}

const invalid = ({ name, table }: Relation): Damage => ({
  ...{ kind: 'INDEX', name, table },
  problem: 'PostgreSQL does not use it: it was not built completely.',
});

/** Pages whose checksum was wrong when they were read, since the statistics began. */
async function readChecksumFailures(query: QueryBuilder): Promise<readonly Damage[]> {
  const { rows } = await sql<{
    failures: number;
  }>`select cast(coalesce(checksum_failures, 0) as float8) as failures
    from pg_stat_database where datname = current_database()`.execute(query);
  const failures = rows[0]?.failures ?? 0;
  if (failures === 0) return [];
  return [
    {
      kind: 'UNKNOWN',
      name: '',
      table: '',
      problem: `${failures} pages had a wrong checksum when they were read.`,
    },
  ];
}

async function checkRelation(
  query: QueryBuilder,
  relation: Relation,
  call: RawBuilder<unknown>,
): Promise<Omit<CheckStep, 'done'>> {
  const { name, table } = relation;
  const kind = isTable(relation) ? 'TABLE' : 'INDEX';
  const what = `${kind === 'TABLE' ? 'table' : 'index'} ${name}`;
  const damage = (problem: string): Damage => ({ kind, name, table, problem });
  try {
    const found = await query.transaction().execute(async (transaction) => {
      // A large table takes longer than other statements are allowed to.
      await sql`set local statement_timeout = 0`.execute(transaction);
      const { rows } = await (call as RawBuilder<{ problem: string | null }>).execute(transaction);
      return rows;
    });
    const problems = found.flatMap(({ problem }) => (problem === null ? [] : [problem]));
    return { what, damages: problems.map(damage), unchecked: null };
  } catch (error) {
    if (codeOf(error) === NOT_PERMITTED)
      return { what, damages: [], unchecked: `${what} was not checked: ${messageOf(error)}.` };
    if (asUnavailable(error)?.trouble !== 'DAMAGED') throw error;
    return { what, damages: [damage(messageOf(error))], unchecked: null };
  }
}

async function readIndexSizes(query: QueryBuilder): Promise<ReadonlyMap<string, TableSize['indexes']>> {
  const { rows } = await sql<{ name: string; table: string; bytes: number }>`select index.relname as name,
      owner.relname as "table", cast(pg_relation_size(index.oid) as float8) as bytes
    from pg_index join pg_class as index on index.oid = indexrelid join pg_class as owner on owner.oid = indrelid
    where owner.relnamespace = current_schema()::regnamespace order by index.relname`.execute(query);
  const ofTables = new Map<string, { name: string; bytes: number }[]>();
  for (const { table, name, bytes } of rows)
    ofTables.set(table, [...(ofTables.get(table) ?? []), { name, bytes }]);
  return ofTables;
}

/** PostgreSQL's own estimate dates from its last `analyze`; -1: there was none. */
async function countRows(
  query: QueryBuilder,
  table: string,
  estimate: number,
): Promise<Pick<TableSize, 'rows' | 'isEstimated'>> {
  if (estimate > COUNTED_ROWS) return { rows: estimate, isEstimated: true };
  const few = query
    .selectFrom(table)
    .select(sql`1`.as('row'))
    .limit(COUNTED_ROWS + 1);
  const { rows } = await query
    .selectFrom(few.as('few'))
    .select((expression) => expression.fn.countAll().as('rows'))
    .executeTakeFirstOrThrow();
  const counted = Number(rows);
  return { rows: counted, isEstimated: counted > COUNTED_ROWS };
}
