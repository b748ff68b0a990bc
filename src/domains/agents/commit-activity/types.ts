import type { Group, Series, Stats } from '../../../analytics/spec.ts';
import { optionalTextOf, textOf } from '../../../core/dataset/named-values.ts';
import { sumOf } from '../../../graphql/analytics/stats-values.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

type Point = Series['points'][number];

/**
 * Fields for the number of commits and of their changes, for types whose values contain statistics.
 */
const COUNTS: readonly { readonly name: string; readonly description: string; read(stats: Stats): number }[] =
  [
    { name: 'commits', description: 'Number of commits.', read: ({ rowCount }) => rowCount },
    {
      name: 'filesChanged',
      description: 'Number of changed files; a file counts once per commit.',
      read: (stats) => sumOf(stats, 'filesChanged'),
    },
    {
      name: 'linesAdded',
      description: 'Number of added lines.',
      read: (stats) => sumOf(stats, 'linesAdded'),
    },
    {
      name: 'linesDeleted',
      description: 'Number of deleted lines.',
      read: (stats) => sumOf(stats, 'linesDeleted'),
    },
  ];

/** Adds these fields to a type. */
export function addCounts<Value>(
  { builder }: TypeRegistry,
  type: ObjectType<Value>,
  statsOf: (value: Value) => Stats | Promise<Stats>,
): void {
  for (const { name, description, read } of COUNTS) {
    builder.objectField(type, name, (t) =>
      t.field({
        type: 'SafeInt',
        description,
        resolve: async (value) => read(await statsOf(value)),
      }),
    );
  }
}

export function commitsOfAgentType(types: TypeRegistry): ObjectType<Group> {
  const type = types.builder.objectRef<Group>('CommitsOfAgent');
  type.implement({
    description: 'Statistics of the commits of one agent in a time range.',
    fields: (t) => ({
      agentId: t.string({
        nullable: true,
        description: 'The agent; null for commits without one.',
        resolve: ({ dimensions }) => optionalTextOf(dimensions, 'agentId'),
      }),
    }),
  });
  addCounts(types, type, ({ stats }) => stats);
  return type;
}

export function commitsOfBranchType(types: TypeRegistry): ObjectType<Group> {
  const type = types.builder.objectRef<Group>('CommitsOfBranch');
  type.implement({
    description: 'Statistics of the commits on one branch in a time range.',
    fields: (t) => ({
      repository: t.string({
        description: 'The repository.',
        resolve: ({ dimensions }) => textOf(dimensions, 'repository'),
      }),
      branch: t.string({
        description: 'The branch where the commits were found.',
        resolve: ({ dimensions }) => textOf(dimensions, 'branch'),
      }),
    }),
  });
  addCounts(types, type, ({ stats }) => stats);
  return type;
}

export function commitsOfDayType(types: TypeRegistry): ObjectType<Point> {
  const type = types.builder.objectRef<Point>('CommitsOfDay');
  type.implement({
    description:
      'Statistics of the commits of one day. The first and the last day count only the part ' +
      'within the range.',
    fields: (t) => ({
      start: t.expose('start', { type: 'DateTime', description: 'Start of the day.' }),
      end: t.expose('end', { type: 'DateTime', description: 'End of the day, exclusive.' }),
    }),
  });
  addCounts(types, type, ({ stats }) => stats);
  return type;
}
