import { type GraphQLNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { firstSentence, signatureOf } from './text-of.ts';

/** A field, a value or a type that a search may find. */
interface Entry {
  readonly name: string;
  readonly code: string;
  readonly description: string;
  /** Fields of `Query` answer a question by themselves, so they come first. */
  readonly isRoot: boolean;
}

export interface SearchHits {
  readonly lines: readonly string[];
  readonly total: number;
}

const IN_NAME = 4;
const OF_ROOT = 3;
const IN_DESCRIPTION = 1;

/**
 * Finds the fields, values and types whose names or descriptions contain the words, the best first.
 * Returns only those with the highest number of matching words.
 */
export function searchSchema(types: Iterable<GraphQLNamedType>, topic: string, first: number): SearchHits {
  const words = wordsOf(topic);
  const hits = [...entriesOf(types)].map((entry) => ({ entry, ...matchOf(entry, words) }));
  const most = hits.reduce((top, { found }) => Math.max(top, found), 1);
  const best = hits
    .filter(({ found }) => found === most)
    .sort((one, other) => other.score - one.score || one.entry.name.localeCompare(other.entry.name));
  const lines = best.slice(0, first).map(({ entry: { code, description } }) => {
    const text = firstSentence(description);
    return text === '' ? code : `${code}  # ${text}`;
  });
  return { lines, total: best.length };
}

function* entriesOf(types: Iterable<GraphQLNamedType>): Generator<Entry> {
  for (const type of types) {
    const isRoot = type.name === 'Query';
    const description = type.description ?? '';
    if (!isRoot) yield { name: type.name, code: type.name, description, isRoot };
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields()))
        yield {
          name: `${isRoot ? '' : `${type.name}.`}${field.name}`,
          code: `${type.name}.${isRoot ? signatureOf(field) : `${field.name}: ${String(field.type)}`}`,
          description: field.description ?? '',
          isRoot,
        };
    } else if (isInputObjectType(type) || isEnumType(type)) {
      const parts = isEnumType(type) ? type.getValues() : Object.values(type.getFields());
      for (const part of parts) {
        const name = `${type.name}.${part.name}`;
        yield { name, code: name, description: part.description ?? '', isRoot };
      }
    }
  }
}

/** How many of the words match, and how well. */
function matchOf({ name, description, isRoot }: Entry, words: readonly string[]) {
  const inName = new Set(wordsOf(name));
  const text = description.toLowerCase();
  let found = 0;
  let score = isRoot ? OF_ROOT : 0;
  for (const word of words) {
    const isInName = matches(inName, word);
    if (!isInName && !text.includes(word)) continue;
    found++;
    score += isInName ? IN_NAME : IN_DESCRIPTION;
  }
  return { found, score };
}

/** `latencies` finds `latencyMs`, and `cost` finds `costs`. */
function matches(names: ReadonlySet<string>, word: string): boolean {
  if (names.has(word)) return true;
  for (const name of names)
    if (name.startsWith(word) || (word.length > 3 && word.startsWith(name))) return true;
  return false;
}

/** `llmCallAnalytics by END_USER` → llm, call, analytics, by, end, user */
function wordsOf(text: string): readonly string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
