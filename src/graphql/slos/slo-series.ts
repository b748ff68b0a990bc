import { type BudgetPoint, burnDown } from '../../analytics/slos/burn-down.ts';
import { countSloOverTime } from '../../analytics/slos/slo-counts.ts';
import { answered } from '../analytics/source.ts';
import { bucketArgs } from '../analytics/time-grain.ts';
import type { ObjectType } from '../builder.ts';
import { inPortions } from '../limits/in-portions.ts';
import type { TypeRegistry } from '../type-registry.ts';
import type { SloAnalysis } from './slo-analysis.ts';
import { costsSloSeries } from './slo-cost.ts';

/** The approximate time that the fields of one point take. */
const MICROSECONDS_PER_POINT = 15;

/** Adds `series` to the status of SLOs. */
export function addSloSeries(types: TypeRegistry, type: ObjectType<SloAnalysis>): void {
  const point = budgetPoint(types);
  types.builder.objectField(type, 'series', (t) =>
    t.field({
      type: [point],
      extensions: costsSloSeries,
      description:
        'How the error budget of the window was used up, per time bucket, oldest first. At most ' +
        '1,000 points. Empty if no data of the window is kept.',
      args: bucketArgs(types, { grain: 'AUTO' }),
      resolve: async (analysis, args, context) => {
        const { answers, slo, projectId, range } = analysis;
        const options = { grain: args.grain ?? 'AUTO', timeZone: args.timeZone ?? 'UTC' };
        const counting = countSloOverTime(context.services.analytics, { slo, projectId, range }, options);
        const points = burnDown(await answered(answers, counting), slo.objective);
        return inPortions(context, points, MICROSECONDS_PER_POINT);
      },
    }),
  );
}

function budgetPoint(types: TypeRegistry): ObjectType<BudgetPoint> {
  return types.builder.objectRef<BudgetPoint>('SloPoint').implement({
    description:
      'The events of an SLO in one time bucket, and how much of the error budget is left after it.',
    fields: (t) => ({
      start: t.expose('start', {
        type: 'DateTime',
        description: 'Start of the bucket. The first bucket counts only from the start of the window.',
      }),
      end: t.expose('end', {
        type: 'DateTime',
        description: 'End of the bucket, exclusive. The last bucket counts only until now.',
      }),
      events: t.expose('events', {
        type: 'SafeInt',
        description: 'Number of events in the bucket that count.',
      }),
      good: t.expose('good', { type: 'SafeInt', description: 'Number of events that are good.' }),
      bad: t.field({
        type: 'SafeInt',
        description: 'Number of all other events.',
        resolve: ({ events, good }) => events - good,
      }),
      burnRate: t.exposeFloat('burnRate', {
        nullable: true,
        description:
          'How fast the budget burned in the bucket: the share of its events that are bad, divided ' +
          'by `1 - objective`. Null without events.',
      }),
      budgetRemaining: t.exposeFloat('budgetRemaining', {
        nullable: true,
        description:
          'The share of the whole window’s error budget that is left after the bad events up to ' +
          'the end of the bucket. The last point equals the `budgetRemaining` of the status. Null ' +
          'if the window has no events.',
      }),
    }),
  });
}
