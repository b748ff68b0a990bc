import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvalidArgument } from '../../src/core/errors.ts';
import { parseSearchQuery, type SearchQuery, type SearchTerm } from '../../src/core/search/search-query.ts';
import { foldWord, splitWords } from '../../src/core/search/words.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { find, type Note, note, useNotes } from './support/searched.ts';

/** Few words, so that queries find something; each is difficult for one of the databases. */
const WORDS = [
  'a',
  'b',
  'ab',
  'abc',
  'A',
  'É',
  'é',
  'e\u0301',
  'ΣΑΣ',
  'σας',
  'µs',
  'μs',
  '1e5',
  '1e5x',
  '007',
  '1',
  'x_y',
  '日本',
  '日',
  '🤖',
  'क्षि',
  '½',
  "don't",
  'AND',
  'or',
  'Not',
  'NEAR',
  'key',
  'name',
  'http://a.b/c?d=e',
  'a.b@c.d',
  '<b>',
  'w',
]; // prettier-ignore
const GAPS = [
  ' ',
  ' ',
  '  ',
  '-',
  ', ',
  '.',
  '"',
  "'",
  '\\',
  '*',
  '^',
  ':',
  '&',
  '|',
  '!',
  '(',
  ')',
  '<->',
  '\n',
  '😀',
  '—',
  '+',
  '{',
  '%',
  '$$',
];

const text = fc
  .array(fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...GAPS)), { maxLength: 8 })
  .map((parts) => parts.flat().join(''));

const term = fc
  .tuple(
    fc.constantFrom('', '', '', '-'),
    fc.oneof(
      fc.constantFrom(...WORDS),
      fc
        .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 })
        .map((words) => `"${words.join(' ')}"`),
    ),
    fc.constantFrom('', '', '*'),
  )
  .map((parts) => parts.join(''));

const query = fc.oneof(
  { weight: 4, arbitrary: fc.array(term, { minLength: 1, maxLength: 4 }).map((terms) => terms.join(' ')) },
  { weight: 2, arbitrary: text },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...GAPS, 'a', 'b'), maxLength: 30 }) },
);

const columns = fc.record({ name: text, description: fc.option(text), body: text });

/** The meaning of the query, evaluated on the words of each column as one line of text. */
function matches({ required, excluded }: SearchQuery, { name, description, body }: Note): boolean {
  const lines = [name, description ?? '', body].map(
    (column) => ` ${splitWords(column).map(foldWord).join(' ')} `,
  );
  /** The word as typed, or with its accents in one form or the other. */
  const forms = (words: readonly string[]) => {
    const typed = words.join(' ');
    return [typed, typed.normalize('NFC'), typed.normalize('NFD')].map((form) =>
      splitWords(form).map(foldWord),
    );
  };
  const stands = ({ words, prefix }: SearchTerm) =>
    forms(words).some((form) =>
      lines.some((line) => line.includes(` ${form.join(' ')}${prefix ? '' : ' '}`)),
    );
  return required.every(stands) && !excluded.some(stands);
}

/** Null if the text is not a valid query. */
function parse(typed: string): SearchQuery | null {
  try {
    return parseSearchQuery(typed, 'query');
  } catch (error) {
    if (error instanceof InvalidArgument) return null;
    throw error;
  }
}

describeEachDatabase('a search', (database) => {
  const opened = useNotes(database);

  test('finds the rows that have the words, for any query', async () => {
    let searches = 0;
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(columns, { minLength: 20, maxLength: 30 }),
        fc.array(query, { minLength: 25, maxLength: 25 }),
        async (rows, queries) => {
          const stored = rows.map((row, index) => note(index, row));
          await opened().query.deleteFrom('notes').execute();
          await opened().query.insertInto('notes').values(stored).execute();
          for (const typed of queries) {
            const parsed = parse(typed);
            if (parsed === null) continue;
            const expected = stored.filter((row) => matches(parsed, row)).map(({ id }) => id);
            expect((await find(opened(), typed)).toSorted(), typed).toEqual(expected);
            searches++;
            hits += Math.min(expected.length, 1);
          }
        },
      ),
      { numRuns: 20 },
    );
    // Otherwise, the test proves nothing.
    expect(hits).toBeGreaterThan(searches / 10);
  });

  test('finds the current rows after any changes', async () => {
    const id = fc.integer({ min: 0, max: 5 });
    const change = fc.oneof(
      fc.record({ kind: fc.constant('insert' as const), id, row: columns }),
      fc.record({ kind: fc.constant('update' as const), id, row: columns }),
      fc.record({ kind: fc.constant('delete' as const), id }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 20 }), async (changes) => {
        const store = opened();
        const expected = new Map<string, Note>();
        await store.query.deleteFrom('notes').execute();
        for (const step of changes) {
          const key = note(step.id).id;
          if (step.kind === 'delete') {
            expected.delete(key);
            await store.query.deleteFrom('notes').where('id', '=', key).execute();
          } else if (step.kind === 'update') {
            if (expected.has(key)) expected.set(key, note(step.id, step.row));
            await store.query.updateTable('notes').set(step.row).where('id', '=', key).execute();
          } else {
            if (!expected.has(key)) expected.set(key, note(step.id, step.row));
            await store.query
              .insertInto('notes')
              .values(note(step.id, step.row))
              .onConflict((conflict) => conflict.doNothing())
              .execute();
          }
        }
        for (const typed of ['a', 'a*', '1e5x', '日*', '"a b"', 'σας -a']) {
          const parsed = parseSearchQuery(typed, 'query');
          const found = [...expected.values()].filter((row) => matches(parsed, row)).map((row) => row.id);
          expect((await find(store, typed)).toSorted(), typed).toEqual(found.toSorted());
        }
      }),
      { numRuns: 25 },
    );
  });
});
