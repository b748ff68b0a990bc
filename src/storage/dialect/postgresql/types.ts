import pg from 'pg';

const { builtins } = pg.types;

/**
 * The parsers for values of our own queries. They make the values the same as on SQLite: integers
 * and their sums are numbers, timestamps are epoch milliseconds, JSON is text. Prisma's adapter has
 * its own parsers.
 */
const PARSERS = new Map<number, (text: string) => unknown>([
  [builtins.INT8, Number],
  [builtins.NUMERIC, Number],
  [builtins.TIMESTAMPTZ, (text) => Date.parse(toIso(text))],
  [builtins.JSON, (text) => text],
  [builtins.JSONB, (text) => text],
]);

/** Converts PostgreSQL's form, "10000-01-01 00:00:00+00", to one that JavaScript can read. */
const toIso = (text: string): string =>
  text
    .replace(' ', 'T')
    .replace(/([+-]\d{2})$/, '$1:00')
    .replace(/^\d{5}-/, '+0$&');

export const typeParsers: pg.CustomTypesConfig = {
  // biome-ignore lint/suspicious/noExplicitAny: the signature of pg
  getTypeParser(oid: number, format?: any): any {
    const parser = PARSERS.get(oid);
    return parser !== undefined && format !== 'binary' ? parser : pg.types.getTypeParser(oid, format);
  },
};

/**
 * Sets the time zone to UTC. Prisma's adapter treats the times of the database as UTC, whatever
 * their offset, and sends times without an offset. The default zone of the database may be any
 * other.
 */
export async function useUtc(client: Pick<pg.ClientBase, 'query'>): Promise<void> {
  await client.query("set time zone 'UTC'");
}
