import type { GraphQLSchema } from 'graphql';
import { isErrorCode, TelltaleError } from '../core/errors.ts';
import type { AnswerError, Asker, Operation } from './asker.ts';

/** The most errors that a message lists. Later errors often follow from the first. */
const MAX_ERRORS = 3;

/**
 * The data of an operation written by the tools themselves.
 *
 * @throws TelltaleError with the engine's code and message if there are errors
 */
export async function dataOf<Data>(asker: Asker, operation: Operation): Promise<Data> {
  const { data, errors = [] } = await asker.ask(operation);
  if (errors.length > 0 || data == null) throw unanswered(errors);
  return data as Data;
}

/**
 * The schema, for a caller that may read it.
 *
 * @throws TelltaleError with the engine's refusal of introspection
 */
export async function readableSchema(asker: Asker): Promise<GraphQLSchema> {
  await dataOf(asker, { query: '{ __schema { queryType { name } } }' });
  return asker.schema();
}

/** Converts the errors of an answer to one error for the caller. */
export function unanswered(errors: readonly AnswerError[]): TelltaleError {
  const [first] = errors;
  const lines = errors.slice(0, MAX_ERRORS).map(describe);
  if (errors.length > MAX_ERRORS) lines.push(`There are ${errors.length - MAX_ERRORS} more errors.`);
  const code = first?.extensions?.['code'];
  return new TelltaleError(isErrorCode(code) ? code : 'INTERNAL', lines.join('\n'));
}

/** `BAD_USER_INPUT: Cannot query field "x" on type "Query". (line 1, column 3)` */
export function describe({ message, path, locations, extensions = {} }: AnswerError): string {
  const [at] = locations ?? [];
  const location = at === undefined ? '' : ` (line ${at.line}, column ${at.column})`;
  const field = path === undefined ? '' : ` (at ${path.join('.')})`;
  const { code, retryAfterMs } = extensions;
  const retry = typeof retryAfterMs === 'number' ? ` Try again in ${retryAfterMs} ms.` : '';
  const said = retry !== '' && message.includes(String(retryAfterMs)) ? '' : retry;
  return `${typeof code === 'string' ? `${code}: ` : ''}${message}${field || location}${said}`;
}
