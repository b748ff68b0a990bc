import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** Object ids of types, from the catalog `pg_type`. */
const INTERNAL_CHAR = 18;
const TEXT = 25;

/**
 * Prisma's adapter, extended to read PostgreSQL's catalog. The catalog has columns of the internal
 * type `"char"`, which the adapter rejects and the schema engine needs. Here they pass the adapter
 * as texts and get their type back afterwards.
 */
export function createCatalogAdapter(connectionString: string): SqlMigrationAwareDriverAdapterFactory {
  const characterColumns = new WeakMap<readonly unknown[], readonly number[]>();
  const pool = new pg.Pool({ connectionString, max: 1 });
  const query = pool.query.bind(pool) as (config: pg.QueryConfig) => Promise<pg.QueryResult>;
  Object.assign(pool, {
    query: async (config: pg.QueryConfig) => {
      const result = await query(config);
      characterColumns.set(result.rows, disguiseCharacters(result.fields ?? []));
      return result;
    },
  });

  const factory = new PrismaPg(pool, { disposeExternalPool: true });
  const revealCharacters = (connection: SqlDriverAdapter): SqlDriverAdapter => {
    const queryRaw = connection.queryRaw.bind(connection);
    return Object.assign(connection, {
      queryRaw: async (...parameters: Parameters<typeof queryRaw>) => {
        const result = await queryRaw(...parameters);
        for (const column of characterColumns.get(result.rows) ?? []) {
          result.columnTypes[column] = ColumnTypeEnum.Character;
        }
        return result;
      },
    });
  };
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => revealCharacters(await factory.connect()),
    connectToShadowDb: async () => revealCharacters(await factory.connectToShadowDb()),
  };
}

/** @returns the positions of the columns that are now declared as texts */
function disguiseCharacters(fields: readonly pg.FieldDef[]): number[] {
  return fields.flatMap((field, position) => {
    if (field.dataTypeID !== INTERNAL_CHAR) return [];
    field.dataTypeID = TEXT;
    return [position];
  });
}
