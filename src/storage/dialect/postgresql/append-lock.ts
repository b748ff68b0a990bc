/**
 * First key of the advisory locks for writer slots; the second key is the slot. An arbitrary
 * constant.
 */
export const SLOT_LOCK = 0x7e117a1e;
/**
 * The advisory lock that every append takes as shared and `LOCK_OUT_APPENDS` as exclusive. It has a
 * single key, so it differs from the locks of slots.
 */
export const APPEND_LOCK = 0x7e117a1e;
/**
 * Outside of such a transaction, a connection of the writer may only read. Statements follow
 * `begin` without awaiting it. If `begin` is cancelled, they fail; otherwise each would be
 * committed by itself.
 */
export const WRITE_IN_APPENDS_ONLY = 'set default_transaction_read_only = on';
/** What transactions of an append may do: an administrator can make a database read-only. */
export type AppendAccess = 'read write' | 'read only';
/** Begins the transaction of an append. */
export const beginAppend = (access: AppendAccess): string =>
  `begin ${access}; select pg_advisory_xact_lock_shared(${APPEND_LOCK})`;
/** Waits for running appends. Later ones wait for the end of the transaction. */
export const LOCK_OUT_APPENDS = `select pg_advisory_xact_lock(${APPEND_LOCK})`;
