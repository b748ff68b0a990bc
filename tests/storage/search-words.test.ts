import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { indexedCharacters } from '../../src/core/search/searched-table.ts';
import { SEPARATORS } from '../../src/core/search/separators.ts';
import { foldWord } from '../../src/core/search/words.ts';
import type { Store } from '../../src/storage/store.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { note, notes, useNotes } from './support/searched.ts';

/*
 * The rule of words is written in TypeScript for queries and snippets, in SQLite's tokenizer, and
 * in a function in PostgreSQL. This test puts every possible character before a mark that names it,
 * and reads from the index what the database made of it.
 */
const MARK = /^(.*)qzq([0-9a-f]+)qzq$/su;
const toMarked = (codePoint: number): string =>
  `${String.fromCodePoint(codePoint)}qzq${codePoint.toString(16)}qzq `;

const CHARACTERS = Array.from({ length: 0x110000 }, (_, codePoint) => codePoint).filter(
  (codePoint) => codePoint > 0 && (codePoint < 0xd800 || codePoint > 0xdfff),
);

/**
 * Capital letters that Unicode has had only since 6.2, and the Turkish I with a dot, which is left
 * alone: as documented.
 */
const NOT_FOLDED_BY_SQLITE = [0x130, 0x37f, 0x528, 0x52a, 0x52c, 0x52e];

async function indexAllCharacters(store: Store): Promise<void> {
  const columns: string[] = [];
  let column = '';
  for (const codePoint of CHARACTERS) {
    if (column.length > indexedCharacters(notes) - 100) {
      columns.push(column);
      column = '';
    }
    column += toMarked(codePoint);
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

/** What stands in the index before each mark. */
async function readIndex(store: Store): Promise<Map<number, string>> {
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
    const [, before = '', mark] = MARK.exec(word) ?? [];
    if (mark !== undefined) found.set(Number.parseInt(mark, 16), before);
  }
  return found;
}

describeEachDatabase('the words of the index', (database) => {
  const opened = useNotes(database);

  test('follow the rule, for every character', async () => {
    await indexAllCharacters(opened());
    const index = await readIndex(opened());
    expect(index.size).toBe(CHARACTERS.length);

    const separators = CHARACTERS.filter((codePoint) => index.get(codePoint) === '');
    expect(separators).toEqual(
      SEPARATORS.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at)),
    );

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
