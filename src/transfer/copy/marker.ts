import { TelltaleError } from '../../core/errors.ts';
import type { Store } from '../../storage/store.ts';
import type { CopyPosition } from './copy-events.ts';

/** What a target notes about its copy until the copy has ended. */
export interface Marker {
  /** The name of the database that is being copied. */
  readonly source: string;
  /** How far the events of each dataset have been copied. */
  readonly positions: Readonly<Record<string, CopyPosition>>;
}

/**
 * The name of the row in `leases` that says of which database the target is a copy, and how far it
 * has come.
 */
const MARKER = 'copy of another database';

/** Null: the database is not a copy, or the copy has ended. */
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
 * Checks that the copy has ended. A database that lacks events gives wrong answers, and the next
 * run of its copy would remove whatever it received meanwhile.
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
