import type { Dataset } from '../core/dataset/dataset.ts';
import type { StateTable } from '../core/dataset/state.ts';
import type { EntityTable } from '../core/dataset/table.ts';
import type { Builder } from './builder.ts';

/**
 * What the general code builds a schema from. A type that several modules use is made once, at the
 * first request for it. It belongs to one builder, so two schemas never share a type.
 */
export interface TypeRegistry {
  readonly builder: Builder;
  readonly datasets: readonly Dataset[];
  /** Everything whose rows have ids: datasets and states. */
  readonly tables: readonly EntityTable[];
  /** The type with this name. Only the first call runs `make`. */
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
