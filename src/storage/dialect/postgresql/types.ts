import pg from 'pg';

const { builtins } = pg.types;

/**
 * How our own queries get values: as they come from SQLite. Whole numbers and sums of them are
 * numbers, timestamps epoch milliseconds, JSON its text. Prisma's adapter brings parsers of its
 * own.
 */
const PARSERS = new Map<number, (text: string) => unknown>([
  [builtins.INT8, Number],
  [builtins.NUMERIC, Number],
  [builtins.TIMESTAMPTZ, (text) => Date.parse(toIso(text))],
  [builtins.JSON, (text) => text],
  [builtins.JSONB, (text) => text],
]);

/** PostgreSQL writes "10000-01-01 00:00:00+00", which JavaScript reads in another form. */
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
 * Prisma's adapter takes the times of the database for UTC, whatever their offset, and sends times
 * without one; the database's own default may be any zone.
 */
export async function useUtc(client: Pick<pg.ClientBase, 'query'>): Promise<void> {
  await client.query("set time zone 'UTC'");
}
