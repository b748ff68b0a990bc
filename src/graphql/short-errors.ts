import { GraphQLError } from 'graphql';
import { cutText, firstCharacters } from '../core/cut-text.ts';

/** Messages quote what the client sent: names, values and whole texts. */
const MAX_MESSAGE_LENGTH = 2_000;
const MAX_WORD_LENGTH = 200;
/** How many characters of a long word remain, so that the sentence around it stays readable. */
const SHOWN_OF_WORD = 60;
const LONG_WORD = new RegExp(`\\S{${MAX_WORD_LENGTH + 1},}`, 'g');

/** The message, with long words shortened and cut to 2,000 characters. */
export function shortMessage(message: string): string {
  if (message.length <= MAX_WORD_LENGTH) return message;
  // A word also keeps its end: a quotation mark or a full stop.
  const short = message.replace(
    LONG_WORD,
    (word) => `${firstCharacters(word, SHOWN_OF_WORD)}…${word.slice(-2).replace(/^[\udc00-\udfff]/, '')}`,
  );
  return cutText(short, MAX_MESSAGE_LENGTH);
}

/** The details with their texts shortened, such as the name of a variable. */
export function shortDetails(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      typeof value === 'string' ? cutText(value, MAX_WORD_LENGTH) : value,
    ]),
  );
}

/** The error with its message and details shortened; the same object if they are short. */
export function shortError(error: GraphQLError): GraphQLError {
  const { nodes, source, positions, path, originalError, extensions } = error;
  const message = shortMessage(error.message);
  const isShort =
    message === error.message &&
    Object.values(extensions).every((value) => typeof value !== 'string' || value.length <= MAX_WORD_LENGTH);
  if (isShort) return error;
  return new GraphQLError(message, {
    nodes,
    source,
    positions,
    path,
    originalError,
    extensions: shortDetails(extensions),
  });
}
