import { type StorageTrouble, StorageUnavailable } from '../errors.ts';

type Signs = readonly (readonly [RegExp, StorageTrouble])[];

/** Result codes of SQLite, with what extends them: SQLITE_IOERR_WRITE. */
const SQLITE: Signs = [
  [/^SQLITE_(?:BUSY|LOCKED|NOMEM|PROTOCOL)/, 'BUSY'],
  [/^SQLITE_FULL/, 'FULL'],
  [/^SQLITE_READONLY/, 'READ_ONLY'],
  [/^SQLITE_(?:CORRUPT|NOTADB)/, 'DAMAGED'],
  [/^SQLITE_IOERR/, 'DISK'],
  [/^SQLITE_CANTOPEN/, 'AWAY'],
];

/**
 * SQLSTATEs of PostgreSQL, by class: 08 the connection, 53 resources, 57 an operator or a crash, 58
 * the system.
 */
const POSTGRESQL: Signs = [
  [/^53100$/, 'FULL'],
  [/^(?:53...|55P03|57014)$/, 'BUSY'],
  [/^25006$/, 'READ_ONLY'],
  [/^XX00[12]$/, 'DAMAGED'],
  [/^58...$/, 'DISK'],
  [/^(?:08...|57P..|28...|3D000|25P03)$/, 'AWAY'],
];

/** Codes of Node's sockets: no PostgreSQL answers. */
const SOCKETS: Signs = [[/^(?:ECONN\w+|ENOTFOUND|EAI_\w+|EHOST\w+|ENET\w+|ETIMEDOUT|EPIPE)$/, 'AWAY']];

/**
 * Codes of Prisma, for what it found itself: the driver's own code says more, and stands above
 * them.
 */
const PRISMA: Signs = [
  [/^P(?:1000|1001|1003|1010|1011|1017)$/, 'AWAY'],
  [/^P(?:1002|1008|2024|2028|2037)$/, 'BUSY'],
  // A stored value is not of the type of its column.
  [/^P2023$/, 'DAMAGED'],
];

const SIGNS: Signs = [...SQLITE, ...POSTGRESQL, ...SOCKETS, ...PRISMA];

/** What `pg` says of a connection without giving a code. */
const BROKEN_CONNECTION =
  /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Connection ended)/;

/**
 * What SQLite says, without a code of its own, of stored JSON that it takes apart: whatever we
 * store or bind is JSON.
 */
const BROKEN_JSON = /^(?:malformed JSON|JSON cannot hold BLOB values)$/;

/**
 * The error of a driver, or of Prisma above it, as StorageUnavailable; null when it is about
 * something else. The one place that tells a database in trouble from a statement that is wrong.
 */
export function asUnavailable(error: unknown): StorageUnavailable | null {
  if (error instanceof StorageUnavailable) return error;
  for (const layer of layersOf(error)) {
    if (layer instanceof StorageUnavailable) return layer;
    const trouble = troubleOf(layer);
    if (trouble !== null) return new StorageUnavailable(describe(error, layer), { trouble, cause: error });
  }
  return null;
}

interface Layer {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly syscall?: unknown;
  readonly message?: unknown;
  readonly originalMessage?: unknown;
  readonly cause?: unknown;
  readonly meta?: { readonly driverAdapterError?: unknown };
  readonly errors?: readonly unknown[];
}

/** An error and what lies below it, the deepest first: the driver knows best. */
function layersOf(error: unknown, depth = 0): Layer[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const layer = error as Layer;
  const below = [layer.meta?.driverAdapterError, layer.cause, layer.errors?.[0]];
  return [...below.flatMap((lower) => layersOf(lower, depth + 1)), layer];
}

function troubleOf({ code, originalCode, syscall, message, originalMessage }: Layer): StorageTrouble | null {
  const given = originalCode ?? code;
  const sign = SIGNS.find(([pattern]) => typeof given === 'string' && pattern.test(given));
  if (sign !== undefined) return sign[1];
  // A socket in the file system that is not there, or not for us.
  if (syscall === 'connect') return 'AWAY';
  const words = String(originalMessage ?? message ?? '');
  if (BROKEN_JSON.test(words)) return 'DAMAGED';
  return BROKEN_CONNECTION.test(words) ? 'AWAY' : null;
}

function describe(error: unknown, { originalMessage, message, code }: Layer): string {
  return String(originalMessage || message || (error as Layer).message || code);
}

/** Does work for the store: what a database in trouble makes of it is StorageUnavailable. */
export async function orUnavailable<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw asUnavailable(error) ?? error;
  }
}
