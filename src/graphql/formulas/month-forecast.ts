import { visibleRows } from '../../access/visible-rows.ts';
import {
  type MonthForecast,
  type MonthQuestion,
  readMonthForecast,
  scopeOfForecast,
} from '../../analytics/formulas/month-forecast.ts';
import { measuresOf } from '../../analytics/formulas/side.ts';
import type { Answer } from '../../analytics/spec.ts';
import { both } from '../../core/build-filter.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { costOfSeries } from '../analytics/analytics-cost.ts';
import { ARCHIVE, archiveOf, reachingArchive } from '../analytics/archive-argument.ts';
import { analyticsSource } from '../analytics/source.ts';
import { timeRange } from '../analytics/time-range.ts';
import type { ObjectType } from '../builder.ts';
import { costs } from '../limits/field-cost.ts';
import { readsRowsOf } from '../read-scopes.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { readSide, type SideInput, sideInput } from './side-input.ts';

/** A forecast and the budget to compare it with; null if there is none. */
interface BudgetedForecast extends Answer<MonthForecast> {
  readonly budget: number | null;
}

/** Adds `monthForecast`. */
export function addMonthForecast(types: TypeRegistry): void {
  const type = monthForecast(types);
  types.builder.queryField('monthForecast', (t) =>
    t.field({
      // The argument decides which dataset is read, so the analytics of a read token check it.
      authScopes: readsRowsOf(),
      type,
      description:
        'A forecast of this month’s total, from the counts so far and the weekday pattern of the ' +
        'last eight weeks, and the day on which it exceeds a budget. With `of: { llmCalls: { ' +
        'measure: COST } }`, the cost of the month.',
      args: {
        of: t.arg({
          type: sideInput(types),
          required: true,
          description: 'The number to add up: a count of events, or the SUM of a measure.',
        }),
        timeZone: t.arg({
          type: 'TimeZone',
          defaultValue: 'UTC',
          description: 'The time zone of the month and its days.',
        }),
        archive: t.arg.boolean(ARCHIVE),
        budget: t.arg.float({
          description: 'The budget of the month, in the unit of `of`. Default: no budget.',
        }),
      },
      extensions: costs(({ args, now, caller }) => {
        const question = toQuestion(types.datasets, args, { projectId: '', now });
        const scope = scopeOfForecast(question);
        const filter = both(visibleRows(caller, scope.dataset), scope.filter);
        const measures = measuresOf(question.side);
        const asked = { ...scope, filter, dimensions: [], measures, groups: 1, ...archiveOf(args.archive) };
        return { rows: costOfSeries({ ...asked, grain: 'DAY', timeZone: question.timeZone }), whole: true };
      }),
      resolve: async (_root, args, context): Promise<BudgetedForecast> => {
        const { projectId, services } = reachingArchive(context, args);
        const budget = args.budget ?? null;
        if (budget !== null && budget < 0)
          throw new InvalidArgument(`\`budget\` must not be negative, but it is ${budget}.`, 'budget');
        const now = services.clock.now();
        const question = toQuestion(types.datasets, args, { projectId, now });
        return { ...(await readMonthForecast(services.analytics, question)), budget };
      },
    }),
  );
}

interface ForecastArguments {
  readonly of: SideInput;
  readonly timeZone?: string | null | undefined;
}

/** @throws InvalidArgument at the part of `of` that cannot be added up. */
function toQuestion(
  datasets: readonly Dataset[],
  { of, timeZone: asked }: ForecastArguments,
  { projectId, now }: Pick<MonthQuestion, 'projectId' | 'now'>,
): MonthQuestion {
  const timeZone = asked ?? 'UTC';
  const side = readSide(of, { datasets, range: { from: now, to: now + 1 }, timeZone, path: 'of' });
  const { aggregate, earlier, dataset } = side;
  if (aggregate !== 'count' && aggregate.aggregate !== 'sum')
    throw new InvalidArgument(
      'A forecast adds up days, so it takes a SUM or a count of events.',
      `of.${dataset.name}.${aggregate.aggregate === 'distinct' ? 'distinct' : 'aggregate'}`,
    );
  if (earlier !== null)
    throw new InvalidArgument('A forecast covers this month: omit `earlier`.', `of.${dataset.name}.earlier`);
  return { projectId, side, timeZone, now };
}

function monthForecast(types: TypeRegistry): ObjectType<BudgetedForecast> {
  const type = types.builder.objectRef<BudgetedForecast>('MonthForecast');
  addBudget(types, type);
  return type.implement({
    description:
      'A forecast of the total of a month. All numbers are in the unit of the measure that is added up.',
    fields: (t) => ({
      month: t.field({
        type: timeRange(types),
        description: 'The whole month.',
        resolve: ({ value }) => value.month,
      }),
      soFar: t.float({
        description: 'The total up to now. Events without the measure do not count.',
        resolve: ({ value }) => value.soFar,
      }),
      forecast: t.float({
        nullable: true,
        description:
          'The expected total of the month: `soFar`, plus the mean of its weekday in `learnedFrom` ' +
          'for each following day; for the rest of today, a proportional share of that mean. Null ' +
          'if there is nothing to learn from.',
        resolve: ({ value }) => value.forecast,
      }),
      low: t.float({
        nullable: true,
        description:
          'The lower end of the 80 % interval: the total lies between `low` and `high` with a ' +
          'probability of 80 %, if days keep differing from the mean of their weekday as much as ' +
          'before. Trends, holidays and future changes are not included. Null if each weekday has ' +
          'occurred at most once.',
        resolve: ({ value }) => value.low,
      }),
      high: t.float({
        nullable: true,
        description: 'The upper end of the 80 % interval; see `low`.',
        resolve: ({ value }) => value.high,
      }),
      learnedFrom: t.field({
        type: timeRange(types),
        nullable: true,
        description:
          'The days before today from which the pattern was learned: at most 56, starting with the ' +
          'first day that has events. Null if there are none.',
        resolve: ({ value }) => value.learnedFrom,
      }),
      source: t.expose('source', {
        type: analyticsSource(types),
        description: 'The source of the past numbers.',
      }),
    }),
  });
}

function addBudget({ builder }: TypeRegistry, type: ObjectType<BudgetedForecast>): void {
  builder.objectFields(type, (t) => ({
    aboveBudget: t.float({
      nullable: true,
      description:
        '`forecast` minus the budget; negative if the forecast is below it. Null without a budget or ' +
        'a forecast.',
      resolve: ({ value: { forecast }, budget }) =>
        forecast === null || budget === null ? null : forecast - budget,
    }),
    budgetReachedOn: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'The start of the day on which the month reaches the budget, according to the counts so ' +
        'far and the forecast. Null if it does not, or without a budget.',
      resolve: ({ value: { sums }, budget }) =>
        budget === null ? null : (sums.find(({ sum }) => sum >= budget)?.day.from ?? null),
    }),
  }));
}
