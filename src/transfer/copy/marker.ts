import { TelltaleError } from '../../core/errors.ts';
import type { Store } from '../../storage/store.ts';
import type { CopyPosition } from './copy-events.ts';

/** What a target notes of its copy until the copy has ended. */
export interface Marker {
  /** The name of the database that is copied. */
  readonly source: string;
  /** How far the events of each dataset are copied. */
  readonly positions: Readonly<Record<string, CopyPosition>>;
}

/** The row of `leases` that says of a target whose copy it is, and how far. */
const MARKER = 'copy of another database';

/** Null: the database is no copy, or one that has ended. */
export async function readMarker({ query }: Pick<Store, 'query'>): Promise<Marker | null> {
  const row = await query.selectFrom('leases').select('holder').where('name', '=', MARKER).executeTakeFirst();
  return row === undefined ? null : JSON.parse(String(row['holder']));
}

export async function writeMarker({ query, functions }: Store, marker: Marker): Promise<void> {
  const holder = JSON.stringify(marker);
  await query
    .insertInto('leases')
    .values({ name: MARKER, holder, expires_at: functions.parameterOf('instant', 0) })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ holder }))
    .execute();
}

export async function removeMarker({ query }: Store): Promise<void> {
  await query.deleteFrom('leases').where('name', '=', MARKER).execute();
}

/**
 * A database that lacks events answers wrongly, and the next run of its copy removes what it got meanwhile.
 *
 * @throws TelltaleError CONFLICT if the database is a copy that has not ended
 */
export async function expectCopyEnded(store: Pick<Store, 'query'>): Promise<void> {
  const marker = await readMarker(store);
  if (marker === null) return;
  throw new TelltaleError(
    'CONFLICT',
    `DATABASE_URL: the database is an unfinished copy of ${marker.source}. Stop the server of that ` +
      'database, and run telltale copy with both again, without --follow, until it reports Complete.',
  );
}
