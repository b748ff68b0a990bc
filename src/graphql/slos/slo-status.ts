import { allowedBad, burnRate, complianceOf, type SloCounts } from '../../analytics/slos/error-budget.ts';
import { analyticsSource } from '../analytics/source.ts';
import { timeRange } from '../analytics/time-range.ts';
import type { ObjectType } from '../builder.ts';
import type { Context } from '../context.ts';
import { instantBefore } from '../duration.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { countSince, countWindow, type SloAnalysis, sourceOrWindow } from './slo-analysis.ts';
import { costsBurnRate } from './slo-cost.ts';
import { addSloSeries } from './slo-series.ts';

/** `SloStatus`: how well an SLO is met, and what remains of its error budget. */
export function sloStatus(types: TypeRegistry): ObjectType<SloAnalysis> {
  const type = types.builder.objectRef<SloAnalysis>('SloStatus');
  addCounts(types, type);
  addBudget(types, type);
  addSloSeries(types, type);
  return type.implement({
    description:
      'How well an SLO is met over its window, which ends now, and how much of its error budget is ' +
      'left. Events count by their `timestamp`; an event that arrives late counts once it has ' +
      'arrived.',
    fields: (t) => ({
      range: t.expose('range', {
        type: timeRange(types),
        description: 'The window. `source` says whether part of it has expired.',
      }),
      source: t.field({
        type: analyticsSource(types),
        description: 'The source of the answers beside this field.',
        resolve: (analysis, _args, context) => sourceOrWindow(analysis, context),
      }),
    }),
  });
}

type Compute = (counts: SloCounts, objective: number) => number | null;

/** Resolves a number about the events of the window. Null if no data of the window is kept. */
const ofWindow =
  (compute: Compute) =>
  async (analysis: SloAnalysis, _args: unknown, context: Context): Promise<number | null> => {
    const counts = await countWindow(analysis, context);
    return counts && compute(counts, analysis.slo.objective);
  };

const NOT_KEPT = ' Null if no data of the window is kept.';

function addCounts({ builder }: TypeRegistry, type: ObjectType<SloAnalysis>): void {
  builder.objectFields(type, (t) => ({
    events: t.field({
      type: 'SafeInt',
      nullable: true,
      description: `Number of events in the window that count.${NOT_KEPT}`,
      resolve: ofWindow(({ events }) => events),
    }),
    good: t.field({
      type: 'SafeInt',
      nullable: true,
      description: `Number of events that are good.${NOT_KEPT}`,
      resolve: ofWindow(({ good }) => good),
    }),
    bad: t.field({
      type: 'SafeInt',
      nullable: true,
      description: `Number of all other events.${NOT_KEPT}`,
      resolve: ofWindow(({ events, good }) => events - good),
    }),
    compliance: t.float({
      nullable: true,
      description:
        'The share of the events that are good, 0 to 1: `good` divided by `events`. The SLO is met ' +
        'if this share is at least the `objective`. Null without events.',
      resolve: ofWindow(complianceOf),
    }),
  }));
}

function addBudget({ builder }: TypeRegistry, type: ObjectType<SloAnalysis>): void {
  builder.objectFields(type, (t) => ({
    allowedBad: t.float({
      nullable: true,
      description:
        'The error budget: how many bad events the objective allows among `events`, `events * (1 - ' +
        'objective)`; for 10,000 events and 0.999, it is 10. It need not be a whole ' +
        `number.${NOT_KEPT}`,
      resolve: ofWindow(allowedBad),
    }),
    budgetConsumed: t.float({
      nullable: true,
      description:
        'The share of the error budget that is used up: `bad` divided by `allowedBad`. Above 1, ' +
        'the SLO is not met. Null without events.',
      resolve: ofWindow(burnRate),
    }),
    budgetRemaining: t.float({
      nullable: true,
      description: '1 minus `budgetConsumed`: negative if the SLO is not met. Null without events.',
      resolve: ofWindow(remaining),
    }),
    burnRate: t.float({
      nullable: true,
      extensions: costsBurnRate,
      description:
        'How fast the error budget burned over the last hour, day or other period: the share of ' +
        'its events that are bad, divided by `1 - objective`. At 1, the budget lasts for exactly ' +
        'the window; at 14.4, one hour uses up 2 % of a 30-day budget. Null without events. From ' +
        '"The Site Reliability Workbook", chapter 5. Alert rules evaluate it with the aggregate ' +
        'BURN_RATE.',
      args: {
        over: t.arg({
          type: 'Duration',
          required: true,
          description: 'The length of the period, which ends now: "PT1H", "PT6H", "P3D".',
        }),
      },
      resolve: async (analysis, { over }, context) => {
        const counts = await countSince(analysis, instantBefore(over, analysis.now, 'over'), context);
        return counts && burnRate(counts, analysis.slo.objective);
      },
    }),
  }));
}

function remaining(counts: SloCounts, objective: number): number | null {
  const consumed = burnRate(counts, objective);
  return consumed === null ? null : 1 - consumed;
}
