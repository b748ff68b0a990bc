import { fileURLToPath } from 'node:url';
import { InvalidArgument } from '../../../core/errors.ts';

/**
 * The path of the database of a `file:` URL. `file:./data/telltale.db` is relative to the working
 * directory.
 */
export function fileOfUrl(url: string): string {
  const path = url.startsWith('file://') ? fileURLToPath(url) : url.slice('file:'.length);
  if (path === '' || path.includes(':memory:') || path.includes('?')) {
    throw new InvalidArgument(
      `"${url}" does not name a file. Give a path without parameters, such as file:./data/telltale.db.`,
      'DATABASE_URL',
    );
  }
  return path;
}
