import type { EntityTable } from '../../core/dataset/table.ts';
import type { ObjectType } from '../builder.ts';
import { type Entity, entityType } from '../entities/entity.ts';
import type { TypeRegistry } from '../type-registry.ts';

export interface Edge {
  cursor(): string;
  readonly node: Entity;
}

/** A page of a list. */
export interface Connection {
  readonly edges: readonly Edge[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  /** How many the list has, all pages together. */
  count(): Promise<number>;
}

/** `<Entity>Connection`. */
export function connectionType(types: TypeRegistry, table: EntityTable): ObjectType<Connection> {
  const name = `${table.entity}Connection`;
  return types.once(name, (builder) => {
    const entity = entityType(types, table);
    const edge = edgeType(types, table);
    return builder.objectRef<Connection>(name).implement({
      description: `A page of ${table.name}.`,
      fields: (t) => ({
        edges: t.field({
          type: [edge],
          description: 'The items of the page, each with its cursor.',
          resolve: ({ edges }) => edges,
        }),
        nodes: t.field({
          type: [entity],
          description: 'The items of the page, without cursors.',
          resolve: ({ edges }) => edges.map(({ node }) => node),
        }),
        pageInfo: t.field({
          type: builder.pageInfoRef(),
          description: 'The position of the page in the list.',
          resolve: ({ pageInfo }) => pageInfo,
        }),
        totalCount: t.field({
          type: 'SafeInt',
          description: 'Number of items on all pages. Counted only when selected.',
          resolve: (page) => page.count(),
        }),
      }),
    });
  });
}

function edgeType(types: TypeRegistry, table: EntityTable): ObjectType<Edge> {
  return types.builder.objectRef<Edge>(`${table.entity}Edge`).implement({
    description: `One of ${table.name} with its cursor.`,
    fields: (t) => ({
      cursor: t.string({
        description: 'An opaque cursor for `after` and `before`.',
        resolve: (edge) => edge.cursor(),
      }),
      node: t.field({
        type: entityType(types, table),
        description: 'The item.',
        resolve: ({ node }) => node,
      }),
    }),
  });
}
