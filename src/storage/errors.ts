/**
 * The database cannot be reached, or what was asked of it was cut short: no fault of the question. A write that ends
 * like this may have been stored or not; sending it again with the same ids is safe.
 */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable';
}
