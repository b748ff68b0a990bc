import { InvalidArgument } from '../errors.ts';
import { checkStorable } from './attribute.ts';
import type { EntityTable } from './table.ts';

/**
 * A tag: a text within the column `tags` of an event. It has a key, such as `team`, and a name
 * among the columns of its table: `tags.team`. It is a dimension that nobody declared.
 */

/** The column that holds the tags of an event. */
export const TAGS = 'tags';
/** The maximum number of characters of a key. */
export const LONGEST_TAG_KEY = 100;
const PREFIX = `${TAGS}.`;

export const isTag = (name: string): boolean => name.startsWith(PREFIX) && name !== PREFIX;

/**
 * Whether rows of the table have tags. The `tags` of states are something else: a list of words.
 */
export const hasTags = ({ kind, at }: Pick<EntityTable, 'kind' | 'at'>): boolean =>
  kind === 'event' && TAGS in at;

/**
 * The name of the tag with a key.
 *
 * @param argument the name of the argument that holds the key
 * @throws InvalidArgument if no tag can have the key.
 */
export function tagName(key: string, argument: string): string {
  if (key === '' || key.length > LONGEST_TAG_KEY)
    throw new InvalidArgument(
      `${argument} takes the key of a tag, 1 to ${LONGEST_TAG_KEY} characters: team.`,
      argument,
    );
  checkStorable(key, argument);
  return PREFIX + key;
}

/** The key of the tag of that name. */
export const tagKey = (name: string): string => name.slice(PREFIX.length);
