import { requireAllProjects } from '../../../access/caller.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { TableReport } from '../../../integrity/tables.ts';

/** Adds `tables`. */
export function addTables(types: TypeRegistry): void {
  types.builder.queryField('tables', (t) =>
    t.field({
      authScopes: { admin: true },
      type: [tableType(types)],
      description:
        'The tables of the database with their sizes, over all projects. Measurements are reused ' +
        'for a short time. Needs a key for all projects.',
      resolve(_root, _args, { services, caller }) {
        requireAllProjects(caller, 'tables');
        return services.tables.read();
      },
    }),
  );
}

function tableType({ builder }: TypeRegistry) {
  const index = builder.objectRef<TableReport['indexes'][number]>('TableIndex').implement({
    description: 'An index of a table.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name in the database.' }),
      bytes: t.expose('bytes', {
        type: 'SafeInt',
        nullable: true,
        description: 'The size in bytes; null while a large SQLite file is being measured.',
      }),
    }),
  });
  return builder.objectRef<TableReport>('Table').implement({
    description: 'A table of the database.',
    fields: (t) => ({
      table: t.exposeString('table', { description: 'Its name in the database, for example "llm_calls".' }),
      name: t.exposeString('name', {
        nullable: true,
        description:
          'The dataset or list that the table holds, for example "llmCalls"; null for internal ' +
          'tables of the server.',
      }),
      rows: t.expose('rows', { type: 'SafeInt', description: 'Number of rows; see `isEstimated`.' }),
      isEstimated: t.exposeBoolean('isEstimated', {
        description:
          'True if `rows` is an estimate: on PostgreSQL, the one from the last `analyze`, for ' +
          'tables with more than 50,000 rows; on SQLite, an upper bound, while a large file is ' +
          'being measured.',
      }),
      bytes: t.expose('bytes', {
        type: 'SafeInt',
        nullable: true,
        description:
          'The size of the rows in bytes, without indexes; null while a large SQLite file is being ' +
          'measured.',
      }),
      oldest: t.expose('oldest', {
        type: 'DateTime',
        nullable: true,
        description: 'The time of its oldest row in any project; null if it has no rows or no times.',
      }),
      newest: t.expose('newest', {
        type: 'DateTime',
        nullable: true,
        description: 'The time of its newest row in any project; null if it has no rows or no times.',
      }),
      indexes: t.field({ type: [index], description: 'Its indexes.', resolve: ({ indexes }) => indexes }),
      measuredAt: t.expose('measuredAt', {
        type: 'DateTime',
        description: 'When rows and bytes were measured.',
      }),
    }),
  });
}
