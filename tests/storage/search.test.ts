import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { parseSearchQuery } from '../../src/core/search/search-query.ts';
import { indexedCharacters } from '../../src/core/search/searched-table.ts';
import { bestFirst, searchRows } from '../../src/storage/search.ts';
import type { Store } from '../../src/storage/store.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { queryPlan } from '../support/query-plan.ts';
import { find, type Note, note, notes, useNotes } from './support/searched.ts';

/** Replaces the notes of the previous test. */
async function store(target: Store, ...rows: readonly Note[]): Promise<string[]> {
  await target.query.deleteFrom('notes').execute();
  await target.query.insertInto('notes').values(rows).execute();
  return rows.map(({ id }) => id);
}

describeEachDatabase('search', (database) => {
  const opened = useNotes(database);

  test.each([
    ['a word in any case', 'GATEWAY', [0, 1]],
    ['all words, in any columns', 'gateway kafka', [1]],
    ['a phrase', '"event bus"', [1]],
    ['no phrase in reverse order', '"bus event"', []],
    ['no phrase across columns', '"gateway an"', []],
    ['a word without an excluded word', 'gateway -kafka', [0]],
    ['a word without an excluded phrase', 'gateway -"event bus"', [0]],
    ['the beginning of a word', 'gate*', [0, 1, 3]],
    ['the beginning of a phrase', 'event-b*', [1]],
    ['parts of a word with punctuation', 'user@example.com', [2]],
    ['a number and letters as one word', '1e5x', [3]],
    ['no part of such a word', '1e5', []],
    ['accents exactly', 'café', [2]],
    ['no word that lacks an accent', 'cafe', []],
    ['capitals with accents', 'ÜBER', [3]],
    ['a final sigma', 'ΛΟΓΟΣ', [3]],
    ['new emoji as words', '🤖', [3]],
    ["words that a database's languages would drop", 'and or not near', [3]],
  ])('finds %s', async (_, query, expected) => {
    const ids = await store(
      opened(),
      note(1, { name: 'api-gateway', description: 'an entrance' }),
      note(2, { name: 'gateway', description: 'an event bus', body: 'kafka' }),
      note(3, { name: 'mail', body: 'user@example.com met at the café' }),
      note(4, { name: 'gates', body: '1e5x über λόγος λογος 🤖 AND OR NOT NEAR' }),
    );
    expect((await find(opened(), query)).toSorted()).toEqual(expected.map((index) => ids[index]));
  });

  test.each(['NFC', 'NFD'] as const)(
    'finds letters with accents in either form, searched in %s',
    async (form) => {
      const ids = await store(
        opened(),
        note(1, { name: 'le café noir'.normalize('NFC') }),
        note(2, { name: 'le café noir'.normalize('NFD') }),
        note(3, { name: 'le cafe noir' }),
        note(4, { name: 'caféier'.normalize(form === 'NFC' ? 'NFD' : 'NFC'), body: 'É' }),
      );
      const ask = async (query: string) => (await find(opened(), query.normalize(form))).toSorted();
      expect(await ask('CAFÉ')).toEqual([ids[0], ids[1]]);
      expect(await ask('"café noir"')).toEqual([ids[0], ids[1]]);
      expect(await ask('café*')).toEqual([ids[0], ids[1], ids[3]]);
      expect(await ask('noir -café')).toEqual([ids[2]]);
      expect(await ask('é caféier')).toEqual([ids[3]]);
    },
  );

  test('puts a hit in the name before one in the description, and that before one in the rest', async () => {
    const [rest, name, description] = await store(
      opened(),
      note(1, { name: 'one two', description: 'three four', body: 'needle six' }),
      note(2, { name: 'needle two', description: 'three four', body: 'five six' }),
      note(3, { name: 'one two', description: 'needle four', body: 'five six' }),
      note(4, { name: 'one two', description: 'three four', body: 'five six' }),
    );
    expect(await find(opened(), 'needle')).toEqual([name, description, rest]);
  });

  test('sorts hits of equal score by their ids', async () => {
    const ids = await store(opened(), ...[3, 1, 2].map((id) => note(id, { name: 'needle' })));
    expect(await find(opened(), 'needle')).toEqual(ids.toSorted());
  });

  test('separates projects, even rows with the same id', async () => {
    await store(
      opened(),
      note(1, { name: 'needle' }),
      note(1, { name: 'needle', project_id: 'other' }),
      note(2, { name: 'needle', project_id: 'other' }),
    );
    await opened()
      .query.deleteFrom('notes')
      .where('id', '=', note(1).id)
      .where('project_id', '=', 'other')
      .execute();
    expect(await find(opened(), 'needle')).toEqual([note(1).id]);
    expect(await find(opened(), 'needle', 'other')).toEqual([note(2).id]);
    expect(await find(opened(), 'needle', 'third')).toEqual([]);
  });

  test('never matches ids and projects', async () => {
    await store(opened(), note(1, { name: 'x' }));
    const hex = Buffer.from(note(1).id).toString('hex');
    for (const query of ['default', '01981234*', hex, `${hex.slice(0, 8)}*`]) {
      expect(await find(opened(), query)).toEqual([]);
    }
  });

  test('follows updates and deletes', async () => {
    const [first] = await store(opened(), note(1, { name: 'before' }), note(2, { name: 'before' }));
    const change = opened().query.updateTable('notes').where('id', '=', first);
    await change.set({ name: 'after', description: 'now' }).execute();
    expect(await find(opened(), 'before')).toEqual([note(2).id]);
    expect(await find(opened(), 'after now')).toEqual([first]);

    await change.set({ views: 7 }).execute();
    await change.set({ description: null }).execute();
    expect(await find(opened(), 'after')).toEqual([first]);
    expect(await find(opened(), 'now')).toEqual([]);

    await change.set({ id: note(3).id }).execute();
    expect(await find(opened(), 'after')).toEqual([note(3).id]);
    await opened().query.deleteFrom('notes').execute();
    expect(await find(opened(), 'after')).toEqual([]);
  });

  test('keeps the existing row when an insert conflicts, and indexes the row that an upsert writes', async () => {
    await store(opened(), note(1, { name: 'first' }));
    const insert = opened()
      .query.insertInto('notes')
      .values(note(1, { name: 'second' }));
    await insert.onConflict((conflict) => conflict.doNothing()).execute();
    expect([await find(opened(), 'first'), await find(opened(), 'second')]).toEqual([[note(1).id], []]);
    await insert
      .onConflict((conflict) => conflict.columns(['project_id', 'id']).doUpdateSet({ name: 'third' }))
      .execute();
    expect([await find(opened(), 'first'), await find(opened(), 'third')]).toEqual([[], [note(1).id]]);
  });

  test('reads the index first, and does not test each row', async () => {
    const { query } = opened();
    const rows = Array.from({ length: 2000 }, (_, index) => note(index, { name: `word${index}` }));
    await store(opened(), ...rows);
    await sql`analyze`.execute(query);
    const found = searchRows(opened(), {
      searched: notes,
      projectId: 'default',
      terms: parseSearchQuery('word7', 'query'),
    }).select('id');
    const plan = await queryPlan(opened(), bestFirst(found).limit(20).compile());
    if (database.dialect === 'sqlite') expect(plan[0]).toMatch(/notes_search_words VIRTUAL TABLE/);
    else expect(plan.join('\n')).toMatch(/Bitmap Index Scan on notes_search_document_idx/);
  });

  test('accepts conditions on the table, and a count', async () => {
    await store(opened(), ...[1, 2, 3].map((id) => note(id, { name: 'needle', body: `part ${id}` })));
    const rows = searchRows(opened(), {
      searched: notes,
      projectId: 'default',
      terms: parseSearchQuery('needle', 'query'),
    });
    const { count } = await rows
      .where('body', '<>', 'part 2')
      .select((expression) => expression.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    expect(Number(count)).toBe(2);
  });
});

describeEachDatabase('search over huge texts', (database) => {
  const opened = useNotes(database);
  const limit = indexedCharacters(notes);
  const letters = Array.from({ length: 70_000 }, (_, index) =>
    String.fromCodePoint(0x20000 + (index % 40_000)),
  );

  test.each([
    ['different words of one long character each', letters.join(' ')],
    ['one endless word', 'x'.repeat(1_500_000)],
    ['one endless word of long characters', letters.join('').repeat(4)],
    ['short words', Array.from({ length: 400_000 }, (_, index) => index.toString(36)).join(' ')],
    ['the same word', 'again '.repeat(250_000)],
    ['punctuation', '-'.repeat(1_500_000)],
  ])('stores %s in every column', async (_, text) => {
    const [id] = await store(opened(), note(1, { name: `start ${text}`, description: text, body: text }));
    expect(await find(opened(), 'start')).toEqual([id]);
  });

  test('finds words before the limit, and none beyond it', async () => {
    const body = `${'- '.repeat(limit / 2 - 3)}inside outside`;
    const [id] = await store(opened(), note(1, { body }));
    expect(await find(opened(), 'insid*')).toEqual([id]);
    expect(await find(opened(), 'outside')).toEqual([]);
  });
});

describeEachDatabase('search in a table that had rows before', (database) => {
  const opened = useNotes(
    database,
    `INSERT INTO notes (project_id, id, name, body) VALUES ('default', '${note(1).id}', 'old', 'row');\n`,
  );

  test('finds them', async () => {
    expect(await find(opened(), 'old')).toEqual([note(1).id]);
  });
});
