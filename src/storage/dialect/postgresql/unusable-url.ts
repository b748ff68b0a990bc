import { InvalidArgument } from '../../../core/errors.ts';
import { messageOf } from '../../../core/thrown.ts';

/** The error for a DATABASE_URL that cannot be used to connect. */
export const unusableUrl = (cause: unknown): InvalidArgument =>
  new InvalidArgument(
    `PostgreSQL cannot be used with this URL (${messageOf(cause)}). Give one such as ` +
      'postgresql://user:password@localhost:5432/telltale.',
    'DATABASE_URL',
  );
