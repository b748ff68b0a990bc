import type { ColumnValue } from '../../../src/core/dataset/column.ts';
import { tagName } from '../../../src/core/dataset/tag.ts';

const KEYS = ['team', 'a.b', '0', 'say "hi"', '__proto__'];

/** Values in `tags` of events: keys that paths would have to quote, and texts for filters. */
export const TAG_MAPS = [
  '{}',
  '{"team":"openai"}',
  '{"team":"OpenAI","a.b":"o"}',
  '{"team":"o","a":"x","0":"1"}',
  '{"say \\"hi\\"":"100%","0":"é🙂"}',
  '{"team":"\uffee","__proto__":"a_b"}',
  `{"team":"it's","a.b":"openai"}`,
];

const NAMES = new Map(KEYS.map((key) => [tagName(key, 'key'), key] as const));

/** Names of tags that some events have. */
export const TAG_NAMES = [...NAMES.keys()];

/**
 * The text in the JSON at the tag of that name; null if there is none, undefined if the name is not
 * that of a tag.
 */
export function tagAt(json: ColumnValue, name: string): ColumnValue | undefined {
  const key = NAMES.get(name);
  if (key === undefined) return undefined;
  const found = Object.entries(JSON.parse(String(json ?? '{}'))).find(([tag]) => tag === key);
  return found === undefined ? null : String(found[1]);
}
