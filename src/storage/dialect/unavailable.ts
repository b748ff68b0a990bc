import { type StorageTrouble, StorageUnavailable } from '../errors.ts';

type Signs = readonly (readonly [RegExp, StorageTrouble])[];

/** Result codes of SQLite, including extended ones such as SQLITE_IOERR_WRITE. */
const SQLITE: Signs = [
  [/^SQLITE_(?:BUSY|LOCKED|NOMEM|PROTOCOL)/, 'BUSY'],
  // The index of the log, a small file beside it, could not grow to its required size.
  [/^SQLITE_(?:FULL|IOERR_SHMSIZE)/, 'FULL'],
  [/^SQLITE_READONLY/, 'READ_ONLY'],
  [/^SQLITE_(?:CORRUPT|NOTADB)/, 'DAMAGED'],
  [/^SQLITE_IOERR/, 'DISK'],
  [/^SQLITE_CANTOPEN/, 'AWAY'],
];

/**
 * SQLSTATEs of PostgreSQL. Classes: 08 connection, 53 resources, 57 operator or crash, 58 system.
 */
const POSTGRESQL: Signs = [
  [/^53100$/, 'FULL'],
  [/^(?:53...|55P03|57014)$/, 'BUSY'],
  [/^25006$/, 'READ_ONLY'],
  [/^XX00[12]$/, 'DAMAGED'],
  [/^58...$/, 'DISK'],
  [/^(?:08...|57P..|28...|3D000|25P03)$/, 'AWAY'],
];

/** Codes of Node's sockets: no PostgreSQL server answers. */
const SOCKETS: Signs = [[/^(?:ECONN\w+|ENOTFOUND|EAI_\w+|EHOST\w+|ENET\w+|ETIMEDOUT|EPIPE)$/, 'AWAY']];

/**
 * Codes of Prisma for errors that it found itself. A code of the driver says more, so it comes
 * first.
 */
const PRISMA: Signs = [
  [/^P(?:1000|1001|1003|1010|1011|1017)$/, 'AWAY'],
  [/^P(?:1002|1008|2024|2028|2037)$/, 'BUSY'],
  // A stored value is not of the type of its column.
  [/^P2023$/, 'DAMAGED'],
];

const SIGNS: Signs = [...SQLITE, ...POSTGRESQL, ...SOCKETS, ...PRISMA];

/**
 * Messages about a connection without a code of their own: from `pg`, and from Citus about a node.
 */
const BROKEN_CONNECTION =
  /^(?:Connection terminated|Client has encountered a connection error|timeout e(?:xpired|xceeded when trying to connect)|Connection ended|Query read timeout|failure on connection marked as essential)/;

/**
 * SQLite's messages, without a code of their own, about stored JSON that it cannot parse. All JSON
 * that we store or bind is valid, so the stored value is damaged.
 */
const BROKEN_JSON = /^(?:malformed JSON|JSON cannot hold BLOB values)$/;

/**
 * Converts the error of a driver, or of Prisma above it, to StorageUnavailable; null if the
 * database is not the cause. Only this function distinguishes a database in trouble from a wrong
 * statement.
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

/** An error and its causes, the deepest first, because the driver's error says most. */
function layersOf(error: unknown, depth = 0): Layer[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const layer: Layer = error;
  const below = [layer.meta?.driverAdapterError, layer.cause, layer.errors?.[0]];
  return [...below.flatMap((lower) => layersOf(lower, depth + 1)), layer];
}

function troubleOf({ code, originalCode, syscall, message, originalMessage }: Layer): StorageTrouble | null {
  const given = originalCode ?? code;
  const sign = SIGNS.find(([pattern]) => typeof given === 'string' && pattern.test(given));
  if (sign !== undefined) return sign[1];
  // A Unix socket that does not exist or that this process may not use.
  if (syscall === 'connect') return 'AWAY';
  const text = String(originalMessage ?? message ?? '');
  if (BROKEN_JSON.test(text)) return 'DAMAGED';
  return BROKEN_CONNECTION.test(text) ? 'AWAY' : null;
}

function describe(error: unknown, { originalMessage, message, code }: Layer): string {
  return String(originalMessage || message || (error as Layer).message || code);
}

/**
 * Awaits work for the store. Converts the errors of a database in trouble to StorageUnavailable.
 */
export async function orUnavailable<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw asUnavailable(error) ?? error;
  }
}
