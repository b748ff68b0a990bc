import { randomUUID } from 'node:crypto';
import { type ExecutionResult, GraphQLError, Kind } from 'graphql';
import { type ErrorCode, isErrorCode, TelltaleError } from '../core/errors.ts';
import { asUnavailable } from '../storage/dialect/unavailable.ts';
import { CarriedError, type StorageTrouble, StorageUnavailable, TROUBLES } from '../storage/errors.ts';
import { argumentPath } from './argument-path.ts';
import { shortDetails, shortMessage } from './short-errors.ts';

/** Receives unexpected errors. A pino logger fits. */
export interface ErrorLog {
  error(details: object, message: string): void;
}

/**
 * Converts any error to one that the caller may see. Suitable for Yoga's `maskedErrors.maskError`.
 */
export type MaskError = (error: unknown) => GraphQLError;

/** A lost connection returns within about a second. A full disk needs the operator. */
const RETRY_AFTER_MS: Readonly<Record<StorageTrouble, number>> = {
  AWAY: 1_000,
  BUSY: 1_000,
  FULL: 30_000,
  READ_ONLY: 30_000,
  DAMAGED: 30_000,
  DISK: 30_000,
  UNKNOWN_VALUE: 30_000,
};

/**
 * An error of the whole request: 400 for clients that speak the GraphQL-over-HTTP media type, 200
 * for older ones.
 */
const REQUEST_ERROR = { http: { spec: true, status: 400 } };

/**
 * What the caller may see of an error, with a stable `extensions.code`; null if the error is
 * unexpected. Our own errors keep their message and details. Errors of graphql-js about a document
 * or its variables get the code BAD_USER_INPUT.
 */
export function visibleError(error: unknown): GraphQLError | null {
  const origin = originOf(error);
  if (origin instanceof TelltaleError) {
    return present(error, origin.message, { ...origin.details, code: origin.code });
  }
  if (origin instanceof GraphQLError && error instanceof GraphQLError && isAboutRequest(origin, error)) {
    return requestError(error, origin);
  }
  return null;
}

/**
 * The result of an operation that a limit has ended. @throws the error if it is not for the client
 */
export function resultOfError(error: unknown): ExecutionResult {
  const visible = error instanceof TelltaleError ? visibleError(error) : null;
  if (visible === null) throw error;
  return { errors: [visible] };
}

/**
 * The code of an error as callers see it, whether or not it was masked already. The errors of a
 * result may include failures of graphql-js itself, such as a stack overflow.
 */
export function codeOfError(error: unknown): ErrorCode {
  const own = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  const given = own ?? visibleError(error)?.extensions['code'];
  if (isErrorCode(given)) return given;
  const origin = originOf(error);
  return asUnavailable(origin) === null && asUnknownValue(origin) === null ? 'INTERNAL' : 'OVERLOADED';
}

/**
 * Shows visible errors as they are. Logs all others with a correlation id. The caller gets that id,
 * and a hint if the database is unavailable.
 */
export function createMaskError(log: ErrorLog, nextId: () => string = randomUUID): MaskError {
  return (error) => {
    const visible = visibleError(error);
    if (visible !== null) return visible;
    const origin = originOf(error);
    const correlationId = nextId();
    const unavailable = asUnavailable(origin) ?? asUnknownValue(origin);
    if (unavailable !== null) {
      log.error({ correlationId, err: origin, path: pathOf(error) }, 'The database is not available');
      return present(
        error,
        `${TROUBLES[unavailable.trouble]} Try again later: an event sent with its id is stored only once.`,
        {
          code: 'OVERLOADED',
          retryAfterMs: RETRY_AFTER_MS[unavailable.trouble],
          correlationId,
        },
      );
    }
    log.error({ correlationId, err: origin, path: pathOf(error) }, 'Unexpected error in an operation');
    return present(error, `Unexpected error. Ask the operator about correlation id ${correlationId}.`, {
      code: 'INTERNAL',
      correlationId,
      ...(pathOf(error) === undefined && { http: { status: 500 } }),
    });
  };
}

/**
 * The message of graphql-js for a result that is not a value of its enum. Only stored text can
 * cause it: the server itself computes only valid values.
 */
const NO_VALUE_OF_ENUM = /^Enum "\w+" cannot represent value: /;

function asUnknownValue(origin: unknown): StorageUnavailable | null {
  if (!(origin instanceof GraphQLError && NO_VALUE_OF_ENUM.test(origin.message))) return null;
  return new StorageUnavailable(origin.message, { trouble: 'UNKNOWN_VALUE', cause: origin });
}

/** What is wrong with the database, in one sentence; null if the error has another cause. */
export function troubleOf(error: unknown): string | null {
  const unavailable = asUnavailable(error);
  return unavailable === null ? null : TROUBLES[unavailable.trouble];
}

/** Whether the database only waits for a lock that another connection holds. */
export const isBusy = (error: unknown): boolean => asUnavailable(error)?.trouble === 'BUSY';

/**
 * The original error. GraphQL wraps errors of resolvers, sometimes more than once, and our errors
 * pass Prisma inside of others.
 */
export function originOf(error: unknown): unknown {
  if (error instanceof CarriedError) return error.cause;
  return error instanceof GraphQLError && error.originalError != null ? originOf(error.originalError) : error;
}

function pathOf(error: unknown): GraphQLError['path'] {
  return error instanceof GraphQLError ? error.path : undefined;
}

/**
 * Whether the caller caused the error. If the error's node is a whole field, the type of the field
 * rejected a value of the resolver, which is not the caller's fault.
 */
function isAboutRequest(origin: GraphQLError, error: GraphQLError): boolean {
  if (isErrorCode(origin.extensions['code'])) return true;
  return error.path === undefined || error.nodes?.[0]?.kind !== Kind.FIELD;
}

function requestError(error: GraphQLError, origin: GraphQLError): GraphQLError {
  const node = error.nodes?.[0] ?? origin.nodes?.[0];
  const argument = node === undefined ? undefined : argumentPath(node);
  const { code } = origin.extensions;
  return present(error, error.message, {
    ...(node?.kind === Kind.VARIABLE_DEFINITION && { variable: node.variable.name.value }),
    ...(argument !== undefined && { argument }),
    ...(error.path === undefined && REQUEST_ERROR),
    ...origin.extensions,
    code: isErrorCode(code) ? code : 'BAD_USER_INPUT',
  });
}

function present(error: unknown, text: string, details: Record<string, unknown>): GraphQLError {
  const message = shortMessage(text);
  const extensions = shortDetails(details);
  if (!(error instanceof GraphQLError)) return new GraphQLError(message, { extensions });
  const { nodes, source, positions, path } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}
