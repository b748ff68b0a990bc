import { messageOf } from '../core/thrown.ts';
import { StorageUnavailable } from './errors.ts';

/**
 * Parses JSON that this software has stored.
 *
 * @throws StorageUnavailable if it is not valid JSON: the database is damaged.
 */
export function parseStored(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new StorageUnavailable(`A value stored as JSON is not valid JSON (${messageOf(error)}).`, {
      trouble: 'DAMAGED',
      cause: error,
    });
  }
}
