import type { DimensionValues } from '../../analytics/spec.ts';
import { tagName } from '../../core/dataset/tag.ts';
import type { FieldBuilder } from '../builder.ts';

/** The field `tag` of dimensions: a tag to group by. */
export const tagDimension = (t: FieldBuilder<DimensionValues>) =>
  t.string({
    nullable: true,
    description:
      'A tag to group by. Null means absent, or outside the top of a series. Use an alias to name ' +
      'it: `team: tag(key: "team")`.',
    args: { key: t.arg.string({ required: true, description: 'The key of the tag.' }) },
    resolve: (values, { key }) => (values[tagName(key, 'key')] ?? null) as string | null,
  });
