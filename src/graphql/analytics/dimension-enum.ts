import { constantName } from '../../core/dataset/constant-name.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { DerivedEnum } from '../entities/column-types.ts';
import type { TypeRegistry } from '../type-registry.ts';

/** `<Entity>Dimension`: names a dimension in an argument. Its values are column names. */
export function dimensionEnum(types: TypeRegistry, dataset: Dataset): DerivedEnum {
  const name = `${dataset.entity}Dimension`;
  return types.once(name, (builder) =>
    builder.enumType(name, {
      description: `The dimensions of ${dataset.name}.`,
      values: Object.fromEntries(
        dataset.dimensions.map(({ name: value, description }) => [
          constantName(value),
          { value, description },
        ]),
      ),
    }),
  );
}
