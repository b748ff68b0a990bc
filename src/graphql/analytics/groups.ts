import { MAX_GROUPS } from '../../analytics/create-analytics.ts';
import { checkBetween } from '../../core/check-between.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { ObjectType } from '../builder.ts';
import { costs } from '../limits/field-cost.ts';
import { inPortions, microsecondsOfStats } from '../limits/in-portions.ts';
import { type FieldInfo, selectionOf } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { type Analysis, selectedDimensions } from './analysis.ts';
import { costOfGroups } from './analytics-cost.ts';
import { groupType } from './analytics-types.ts';
import { groupOrderInput, readGroupOrder } from './group-order.ts';
import { answered } from './source.ts';
import { wantedMeasures } from './stats.ts';

const DEFAULT_GROUPS = 100;

/** Adds `groups` to the analytics of a dataset. */
export function addGroups(types: TypeRegistry, dataset: Dataset, type: ObjectType<Analysis>): void {
  types.builder.objectField(type, 'groups', (t) =>
    t.field({
      type: [groupType(types, dataset)],
      description: 'Statistics per combination of values of the selected dimensions, largest groups first.',
      args: {
        orderBy: t.arg({ type: groupOrderInput(types, dataset), description: 'Default: most events first.' }),
        first: t.arg.int({
          defaultValue: DEFAULT_GROUPS,
          description: 'Maximum number of groups, 1 to 1,000. The rest is omitted.',
        }),
      },
      extensions: costs<Analysis>(({ args, from: { scope }, info }) => {
        const groups = checkBetween(args.first ?? DEFAULT_GROUPS, MAX_GROUPS, 'first');
        const orderBy = readGroupOrder(dataset, args.orderBy);
        return { rows: costOfGroups({ ...scope, ...wanted(info, dataset), groups, orderBy }), whole: true };
      }),
      resolve: async (analysis, args, context, info) => {
        const orderBy = readGroupOrder(dataset, args.orderBy);
        const { dimensions, measures } = wanted(info, dataset);
        const options = { dimensions, orderBy, first: args.first ?? DEFAULT_GROUPS };
        const { analytics } = context.services;
        const groups = await answered(analysis.answers, analytics.groups(analysis.scope, measures, options));
        return inPortions(context, groups, microsecondsOfStats(measures.length));
      },
    }),
  );
}

/** The measures that the selection below `groups` needs. */
function wanted(info: FieldInfo, dataset: Dataset) {
  const selection = selectionOf(info);
  return {
    dimensions: selectedDimensions(dataset, selection),
    measures: wantedMeasures(dataset, selection.below('stats')),
  };
}
