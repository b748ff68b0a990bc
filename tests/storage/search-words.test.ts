import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { indexedCharacters } from '../../src/core/search/searched-table.ts';
import { SEPARATORS } from '../../src/core/search/separators.ts';
import { foldWord } from '../../src/core/search/words.ts';
import type { Store } from '../../src/storage/store.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { note, notes, useNotes } from './support/searched.ts';

/*
 * The rule for words is written in TypeScript for queries and snippets, in SQLite's tokenizer, and
 * in a PostgreSQL function. This test puts every possible character before a mark that names it,
 * and reads from the index what the database made of it. Of a million characters, most are letters
 * without capitals, or not assigned. Several of them in a row precede one mark, because a word for
 * each would take ten times as long. If one of them is not part of a word, those before it are
 * missing in the index.
 */
const MARK = /^(.*)qzq([0-9a-f]+)qzq$/su;
const toMarked = (first: number, count: number): string => {
  const characters = Array.from({ length: count }, (_, index) => String.fromCodePoint(first + index));
  return `${characters.join('')}qzq${first.toString(16)}qzq `;
};

const CHARACTERS = Array.from({ length: 0x110000 }, (_, codePoint) => codePoint).filter(
  (codePoint) => codePoint > 0 && (codePoint < 0xd800 || codePoint > 0xdfff),
);

/**
 * Capital letters that Unicode has had only since 6.2, and the Turkish dotted I, which does not
 * change, as documented.
 */
const NOT_FOLDED_BY_SQLITE = [0x130, 0x37f, 0x528, 0x52a, 0x52c, 0x52e];

const IN_A_ROW = 64;
const PLAIN = /^[\p{Lo}\p{Co}\p{Cn}]$/u;

/** The number of characters before each mark, by the first of them. */
function inRows(): Map<number, number> {
  const separators = new Set(SEPARATORS.flatMap(([first, last]) => allFrom(first, last)));
  const rows = new Map<number, number>();
  let first = -1;
  for (const codePoint of CHARACTERS) {
    const character = String.fromCodePoint(codePoint);
    const isPlain = PLAIN.test(character) && !separators.has(codePoint) && foldWord(character) === character;
    const count = rows.get(first) ?? 0;
    if (isPlain && count > 0 && count < IN_A_ROW && first + count === codePoint) rows.set(first, count + 1);
    else {
      rows.set(codePoint, 1);
      first = isPlain ? codePoint : -1;
    }
  }
  return rows;
}

const allFrom = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

async function indexAllCharacters(store: Store, marked: ReadonlyMap<number, number>): Promise<void> {
  const columns: string[] = [];
  let column = '';
  for (const [first, count] of marked) {
    if (column.length > indexedCharacters(notes) - 200) {
      columns.push(column);
      column = '';
    }
    column += toMarked(first, count);
  }
  columns.push(column);
  const rows = columns.map((body, index) => note(index, { body }));
  for (let at = 0; at < rows.length; at += 20) {
    await store.query
      .insertInto('notes')
      .values(rows.slice(at, at + 20))
      .execute();
  }
}

/** The word of the index for each character. */
async function readIndex(store: Store, marked: ReadonlyMap<number, number>): Promise<Map<number, string>> {
  if (store.dialect === 'sqlite') {
    await sql`create virtual table vocabulary using fts5vocab(notes_search_words, 'row')`.execute(
      store.query,
    );
  }
  const words =
    store.dialect === 'sqlite'
      ? sql<{ word: string }>`select term as word from vocabulary`
      : sql<{ word: string }>`select lexeme as word from notes_search, unnest(document)`;
  const { rows } = await words.execute(store.query);
  const found = new Map<number, string>();
  for (const { word } of rows) {
    const [, before = '', mark = ''] = MARK.exec(word) ?? [];
    const first = Number.parseInt(mark, 16);
    const count = marked.get(first) ?? 0;
    if (count === 1) found.set(first, before);
    const letters = count > 1 ? [...before] : [];
    for (const [index, letter] of letters.entries())
      found.set(first + count - letters.length + index, letter);
  }
  return found;
}

describeEachDatabase('the words of the index', (database) => {
  const opened = useNotes(database);

  test('follow the rule, for every character', async () => {
    const marked = inRows();
    await indexAllCharacters(opened(), marked);
    const index = await readIndex(opened(), marked);
    expect(index.size).toBe(CHARACTERS.length);

    const separators = CHARACTERS.filter((codePoint) => index.get(codePoint) === '');
    expect(separators).toEqual(SEPARATORS.flatMap(([first, last]) => allFrom(first, last)));

    const isOld = (codePoint: number) => codePoint < 0x530 || (codePoint >= 0x1e00 && codePoint < 0x2000);
    const differentlyFolded = CHARACTERS.filter(
      (codePoint) =>
        isOld(codePoint) &&
        index.get(codePoint) !== '' &&
        index.get(codePoint) !== foldWord(String.fromCodePoint(codePoint)),
    );
    expect(differentlyFolded).toEqual(database.dialect === 'sqlite' ? NOT_FOLDED_BY_SQLITE : []);
  });
});
