import type pg from 'pg';

/** Locks in the order of the list. The seed separates these locks from others. */
const LOCK_STATES = `select pg_advisory_xact_lock(hashtextextended(id, 7406)) from json_array_elements_text($1::json) as given (id)`;

/**
 * Locks states until the end of the transaction, in the order of a JSON array of their ids. If
 * another transaction was changing them, the next statement sees its changes.
 */
export async function lockStates(client: Pick<pg.ClientBase, 'query'>, ids: string): Promise<void> {
  await client.query(LOCK_STATES, [ids]);
}
