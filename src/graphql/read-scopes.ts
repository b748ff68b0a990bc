import { TelltaleError } from '../core/errors.ts';

/**
 * The scopes of a root field that read tokens may ask as well. A token needs to open all of these
 * datasets. Only for fields whose rows are all read by the general code, which adds the filter of the
 * token: lists, nodes, `services.analytics` and live tails. Every other field declares
 * `{ read: true }`, which no token has.
 *
 * @param datasets none: for a field whose argument names what it reads, such as `node`
 */
export const readsRowsOf = (...datasets: readonly { readonly name: string }[]) => ({
  $any: { read: true, rowsOf: datasets.map(({ name }) => name) },
});

/** The scopes of a root field that every caller may ask, whatever its key or read token allows. */
export const BY_ANYBODY = { $any: { read: true, ingest: true, rowsOf: [] } } as const;

/** What a read token gets that asks a field which it may not ask. */
export function closedToToken(field: string, rows: ReadonlyMap<string, unknown>): TelltaleError {
  const opened = [...rows.keys()].join(', ');
  return new TelltaleError(
    'FORBIDDEN',
    `This read token gives no access to \`${field}\`: it can read some rows of ${opened}, and the ` +
      'answer would include others. It gives access to their lists, nodes, analytics and live tails.',
  );
}
