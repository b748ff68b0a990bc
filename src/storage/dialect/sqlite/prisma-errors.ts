import { DriverAdapterError, type MappedError } from '@prisma/driver-adapter-utils';
import { StorageUnavailable } from '../../errors.ts';
import { SqliteError } from './thread.ts';

/** SQLITE_ERROR, for all other errors. */
const GENERIC_CODE = 1;

/**
 * Converts an error to the kind from which Prisma derives its code, such as P2002 for a unique
 * violation.
 */
export function toPrismaError(error: unknown): unknown {
  if (error instanceof StorageUnavailable) return new DriverAdapterError({ kind: 'ConnectionClosed' });
  if (!(error instanceof SqliteError)) return error;
  return new DriverAdapterError({
    ...(error.code !== undefined && { originalCode: error.code }),
    originalMessage: error.message,
    ...mapError(error.code ?? '', error.message),
  });
}

function mapError(code: string, message: string): MappedError {
  switch (code) {
    case 'SQLITE_CONSTRAINT_UNIQUE':
    case 'SQLITE_CONSTRAINT_PRIMARYKEY':
      return { kind: 'UniqueConstraintViolation', ...violated(message) };
    case 'SQLITE_CONSTRAINT_NOTNULL':
      return { kind: 'NullConstraintViolation', constraint: violated(message).constraint };
    case 'SQLITE_CONSTRAINT_FOREIGNKEY':
    case 'SQLITE_CONSTRAINT_TRIGGER':
      return { kind: 'ForeignKeyConstraintViolation', constraint: { foreignKey: {} } };
    default:
      return mapOtherError(code, message);
  }
}

function mapOtherError(code: string, message: string): MappedError {
  if (code.startsWith('SQLITE_BUSY')) return { kind: 'SocketTimeout' };
  const table = /^no such table: (.+)$/.exec(message)?.[1];
  if (table !== undefined) return { kind: 'TableDoesNotExist', table };
  const column = /^no such column: (.+)$|has no column named (.+)$/.exec(message);
  if (column !== null) return { kind: 'ColumnNotFound', column: column[1] ?? column[2] ?? '' };
  return { kind: 'sqlite', extendedCode: GENERIC_CODE, message };
}

/** The table and columns in "UNIQUE constraint failed: llm_calls.project_id, llm_calls.id". */
function violated(message: string): { constraint: { fields: string[] }; table: string } {
  const columns = message.split('constraint failed: ')[1]?.split(', ') ?? [];
  return {
    constraint: { fields: columns.map((column) => column.slice(column.lastIndexOf('.') + 1)) },
    table: columns[0]?.slice(0, columns[0].lastIndexOf('.')) ?? '',
  };
}
