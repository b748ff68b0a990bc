import { TelltaleError } from '../core/errors.ts';

/**
 * The scopes of a root field that read tokens may query, too. The token must permit all of these
 * datasets. Use it only for fields whose rows are all read by the general code, which adds the
 * filter of the token: lists, nodes, `services.analytics` and live tails. Every other field
 * declares `{ read: true }`, which no token has.
 *
 * @param datasets none for a field whose argument names what it reads, such as `node`
 */
export const readsRowsOf = (...datasets: readonly { readonly name: string }[]) => ({
  $any: { read: true, rowsOf: datasets.map(({ name }) => name) },
});

/**
 * The scopes of a root field that every caller may query, whatever its key or read token permits.
 */
export const BY_ANYBODY = { $any: { read: true, ingest: true, rowsOf: [] } } as const;

/** The error for a read token that queries a field which is closed to it. */
export function closedToToken(field: string, rows: ReadonlyMap<string, unknown>): TelltaleError {
  const opened = [...rows.keys()].join(', ');
  return new TelltaleError(
    'FORBIDDEN',
    `This read token gives no access to \`${field}\`: it can read some rows of ${opened}, and the ` +
      'answer would include others. It gives access to their lists, nodes, analytics and live tails.',
  );
}
