/** What is the matter with a database that cannot do what was asked of it. */
export type StorageTrouble = 'AWAY' | 'BUSY' | 'FULL' | 'READ_ONLY' | 'DAMAGED' | 'DISK' | 'UNKNOWN_VALUE';

/**
 * The database cannot be reached, or what was asked of it was cut short: no fault of the question.
 * A write that ends like this may have been stored or not; sending it again with the same ids is
 * safe.
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

/**
 * A stored value that nobody has stored like this. SQLite keeps any value in any column: text or
 * bytes where a number belongs are of a page that was overwritten.
 *
 * @param wanted what the column holds, such as "a number"
 */
export const damagedValue = (wanted: string, value: unknown): StorageUnavailable =>
  new StorageUnavailable(
    `A column of the database holds ${JSON.stringify(String(value)).slice(0, 60)} for ${wanted}.`,
    { trouble: 'DAMAGED' },
  );

/** Epoch milliseconds beyond which there are no dates. */
export const LAST_INSTANT = 8.64e15;

/** The trouble in one sentence, for whoever asked. */
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
