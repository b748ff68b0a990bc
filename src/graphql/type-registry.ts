import type { Dataset } from '../core/dataset/dataset.ts';
import type { StateTable } from '../core/dataset/state.ts';
import type { EntityTable } from '../core/dataset/table.ts';
import type { Builder } from './builder.ts';

/**
 * What the general code builds a schema from. Types that several places refer to are made once,
 * when they are first asked for; they belong to one builder, so that two schemas never share a
 * type.
 */
export interface TypeRegistry {
  readonly builder: Builder;
  readonly datasets: readonly Dataset[];
  /** Everything that has an id of its own: datasets and states. */
  readonly tables: readonly EntityTable[];
  /** The type of that name: `make` runs at the first call. */
  once<Type>(name: string, make: (builder: Builder) => Type): Type;
}

export function createTypeRegistry(
  builder: Builder,
  datasets: readonly Dataset[],
  states: readonly StateTable[] = [],
): TypeRegistry {
  const made = new Map<string, unknown>();
  return {
    builder,
    datasets,
    tables: [...datasets, ...states],
    once<Type>(name: string, make: (builder: Builder) => Type): Type {
      if (!made.has(name)) made.set(name, make(builder));
      return made.get(name) as Type;
    },
  };
}
