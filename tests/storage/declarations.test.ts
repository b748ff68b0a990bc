import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaFor } from '../../scripts/prepare/generate.mjs';
import { inPackage } from '../../scripts/prepare/paths.mjs';
import type { EntityTable } from '../../src/core/dataset/table.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { datasets, states } from '../../src/declarations/registry.ts';
import { getDatamodel } from '../../src/generated/pothos-types.ts';
import { openMigrationConnection } from '../../src/storage/create-store.ts';
import type { MigrationConnection } from '../../src/storage/migration-connection.ts';
import { migrate } from '../../src/storage/migrator/migrate.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { indexProblems, type Model, modelProblems, tableProblems } from './support/declaration-problems.ts';
import { readTable } from './support/read-table.ts';

const TABLES: readonly EntityTable[] = [...datasets, ...states];
const MEND = 'Mend the model or the declaration, then npm run migration:new -- <name>.';

describeEachDatabase('the tables', (database) => {
  let connection: MigrationConnection;
  beforeAll(async () => {
    connection = await openMigrationConnection(await database.createUrl());
    await migrate(connection);
  });
  afterAll(() => connection.close());

  it.each(TABLES)('of $name match their declaration', async (declared) => {
    const found = await readTable(connection, declared.table);
    expect(tableProblems(declared, found, database.dialect), MEND).toEqual([]);
  });

  it.each(datasets)('of $name have the indexes that every dataset needs', async (declared) => {
    const found = await readTable(connection, declared.table);
    expect(indexProblems(declared, found, database.dialect), MEND).toEqual([]);
  });
});

const WITHOUT_ARRIVAL: [string, RegExp[]][] = [
  [
    'ALTER TABLE llm_calls DROP COLUMN arrival',
    [/lacks arrival \(bigint, optional\)$/, /\(arrival\).*@@index/],
  ],
];

describeEachDatabase('a fault of a table', (database) => {
  it.each([
    ['DROP TABLE llm_calls', ['no migration makes the table llm_calls']],
    ['ALTER TABLE llm_calls DROP COLUMN top_p', [/^the table llm_calls lacks top_p \(.+, optional\)$/]],
    [
      'ALTER TABLE llm_calls DROP COLUMN top_p; ALTER TABLE llm_calls ADD COLUMN top_p TEXT',
      [/^the table llm_calls has top_p as text, optional, not .+, optional$/],
    ],
    ['ALTER TABLE llm_calls ADD COLUMN extra TEXT', ['the table llm_calls has extra, which is not declared']],
    ['DROP INDEX llm_calls_project_id_timestamp_idx', [/project_id, timestamp.*@@index/]],
    ['DROP INDEX llm_calls_project_id_request_id_idx', [/project_id, request_id.*@@index/]],
    ...(database.dialect === 'postgresql' ? WITHOUT_ARRIVAL : []),
  ])('is reported after %s', async (change, problems) => {
    const connection = await openMigrationConnection(await database.createUrl());
    try {
      await migrate(connection);
      await connection.script(change);
      const found = await readTable(connection, 'llm_calls');
      const said = [
        ...tableProblems(llmCalls, found, database.dialect),
        ...(found.columns.length === 0 ? [] : indexProblems(llmCalls, found, database.dialect)),
      ];
      expect(said).toEqual(problems.map((problem) => expect.stringMatching(problem)));
    } finally {
      await connection.close();
    }
  });
});

const models = getDatamodel().datamodel.models as unknown as Readonly<Record<string, Model>>;
const schema = schemaFor('sqlite');

it.each(TABLES)('the declaration of $name has the fields of the model $entity', (declared) => {
  expect(modelProblems(declared, models[declared.entity], schema), MEND).toEqual([]);
});

describe('a fault of a model', () => {
  const model = models[llmCalls.entity] as Model;

  it('is reported if there is no model', () => {
    expect(modelProblems(llmCalls, undefined, schema)).toEqual(['prisma/models has no model LlmCall']);
  });

  it('is reported for its fields', () => {
    const fields = model.fields.map((field) => (field.name === 'topP' ? { ...field, type: 'Int' } : field));
    expect(modelProblems(llmCalls, { fields: fields.slice(1) }, schema)).toEqual([
      'the model LlmCall lacks projectId (String, required)',
      'the model LlmCall has topP as Int, optional, not Float, optional',
    ]);
  });

  it('is reported for its table name', () => {
    const mapped = schema.replace('@@map("llm_calls")', '@@map("calls")');
    expect(modelProblems(llmCalls, model, mapped)).toEqual([
      'the model LlmCall is mapped to calls: @@map("llm_calls")',
    ]);
    const unmapped = schema.replace('@@map("llm_calls")', '');
    expect(modelProblems(llmCalls, model, unmapped)).toEqual([
      'the model LlmCall is mapped to LlmCall: @@map("llm_calls")',
    ]);
  });
});

describe('a fault of a table that was not made by Prisma', () => {
  const found = {
    columns: llmCalls.columns.map(({ sqlName, optional }) => ({ name: sqlName, type: 'text', optional })),
    primaryKey: ['id'],
    indexes: [['id']],
  };

  it('is reported for its key and its ids', () => {
    const said = tableProblems(llmCalls, found, 'postgresql');
    expect(said).toContain(
      'the primary key of llm_calls is (id), not (project_id, id): @@id([projectId, id])',
    );
    expect(said).toContainEqual(expect.stringMatching(/ id as text.*not uuid.*begins with the word UUID/));
  });
});

it('src/declarations/registry.ts lists every declaration', async () => {
  const declarations = inPackage('src', 'declarations');
  const files = readdirSync(declarations, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && file !== 'registry.ts',
  );
  const modules = await Promise.all(files.map((file) => import(join(declarations, file))));
  const declared = modules.flatMap((module) => Object.values(module)).filter(isTable);
  expect(declared.length).toBeGreaterThanOrEqual(TABLES.length);
  const forgotten = declared.filter((table) => !TABLES.includes(table)).map(({ name }) => name);
  expect(forgotten, 'Add them to src/declarations/registry.ts.').toEqual([]);
});

function isTable(value: unknown): value is EntityTable {
  return typeof value === 'object' && value !== null && 'columns' in value && 'table' in value;
}
