/** Why a database cannot do what was asked of it. */
export type StorageTrouble = 'AWAY' | 'BUSY' | 'FULL' | 'READ_ONLY' | 'DAMAGED' | 'DISK' | 'UNKNOWN_VALUE';

/**
 * The database cannot be reached, or it interrupted the work: the request is not the cause. A write
 * that fails like this may or may not have been stored. Sending it again with the same ids is safe.
 */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable';
  readonly trouble: StorageTrouble;

  constructor(
    message: string,
    { trouble = 'AWAY', cause }: { trouble?: StorageTrouble; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.trouble = trouble;
  }
}

/** An error of ours within Prisma (`carryErrors`). Whoever shows errors shows its `cause`. */
export class CarriedError extends Error {
  override readonly name = 'CarriedError';
  override readonly cause: Error;

  constructor(cause: Error) {
    super(cause.message);
    this.cause = cause;
  }
}

/**
 * The error for a stored value that this software cannot have written. SQLite keeps any value in
 * any column: text or bytes in a column of numbers come from a page that was overwritten.
 *
 * @param wanted what the column should hold, such as "a number"
 */
export const damagedValue = (wanted: string, value: unknown): StorageUnavailable =>
  new StorageUnavailable(
    `A column of the database holds ${JSON.stringify(String(value)).slice(0, 60)} where ${wanted} is expected.`,
    { trouble: 'DAMAGED' },
  );

/** The last instant, in epoch milliseconds, that a Date can represent. */
export const LAST_INSTANT = 8.64e15;

/** One sentence for the caller about each trouble. */
export const TROUBLES: Readonly<Record<StorageTrouble, string>> = {
  AWAY: 'The database cannot be reached.',
  BUSY: 'The database is busy with other work.',
  FULL: 'The disk of the database is full.',
  READ_ONLY: 'The database can be read but not written.',
  DAMAGED: 'The database is damaged.',
  DISK: 'The disk of the database has read or write errors.',
  UNKNOWN_VALUE:
    'The database holds a value that this version does not know: it is damaged, or a newer version writes to it.',
};
