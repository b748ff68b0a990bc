import type { Caller } from '../../access/caller.ts';
import { visibleRows } from '../../access/visible-rows.ts';
import type { OfBoth, RatioQuestion } from '../../analytics/formulas/ratio.ts';
import type { Side } from '../../analytics/formulas/side.ts';
import { both } from '../../core/build-filter.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { ARCHIVE, archiveOf } from '../analytics/archive-argument.ts';
import { analyticsSource } from '../analytics/source.ts';
import { readTimeRange, type TimeRangeInput, timeRange, timeRangeInput } from '../analytics/time-range.ts';
import type { ObjectType } from '../builder.ts';
import { costs } from '../limits/field-cost.ts';
import { readsRowsOf } from '../read-scopes.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { type RatioAnalysis, sourceOrTotals, startRatio, totalsOf } from './ratio-analysis.ts';
import { costOfRatio } from './ratio-cost.ts';
import { addRatioFields } from './ratio-fields.ts';
import { addRatioGroups } from './ratio-groups.ts';
import { addRatioSeries } from './ratio-series.ts';
import { readSide, type SideInput, sideInput } from './side-input.ts';

/** Adds `ratio`. */
export function addRatio(types: TypeRegistry): void {
  const type = ratioType(types);
  const side = sideInput(types);
  types.builder.queryField('ratio', (t) =>
    t.field({
      // The arguments decide which datasets are read, so the analytics of a read token check them.
      authScopes: readsRowsOf(),
      type,
      description:
        'One number divided by another: the share of requests that fail, the cost per completed ' +
        'task, errors per request. The two sides may come from different datasets, and each has ' +
        'its own filter. `groups` and `series` divide per value of the dimensions that both sides ' +
        'have, and per time bucket. For the cost per commit of each agent, use `numerator: { ' +
        'llmCalls: { measure: COST } }, denominator: { gitCommits: {} }` and `groups { dimensions ' +
        '{ agentId } value }`. For the cost per completed task, use `agentCosts`.',
      args: {
        range: t.arg({ type: timeRangeInput(types), required: true, description: 'The time range.' }),
        numerator: t.arg({ type: side, required: true, description: 'The number to be divided.' }),
        denominator: t.arg({ type: side, required: true, description: 'The number to divide by.' }),
        archive: t.arg.boolean(ARCHIVE),
      },
      extensions: costs(({ args, info, now, caller }) => {
        const question = toQuestion(types.datasets, args, { projectId: '', now });
        return costOfRatio(startRatio(withVisibleRows(question, caller)), info);
      }),
      resolve: (_root, args, { projectId, services }): RatioAnalysis =>
        startRatio(toQuestion(types.datasets, args, { projectId, now: services.clock.now() })),
    }),
  );
}

interface RatioArguments extends OfBoth<SideInput> {
  readonly range: TimeRangeInput;
  readonly archive?: boolean | null | undefined;
}

/** @throws InvalidArgument at the invalid argument. */
function toQuestion(
  datasets: readonly Dataset[],
  { range: asked, numerator, denominator, archive }: RatioArguments,
  { projectId, now }: { readonly projectId: string; readonly now: number },
): RatioQuestion {
  const range = readTimeRange(asked, now);
  const options = { datasets, range, timeZone: asked.timeZone ?? 'UTC' };
  return {
    projectId,
    range,
    ...archiveOf(archive),
    numerator: readSide(numerator, { ...options, path: 'numerator' }),
    denominator: readSide(denominator, { ...options, path: 'denominator' }),
  };
}

function withVisibleRows(question: RatioQuestion, caller: Pick<Caller, 'rows'>): RatioQuestion {
  const visible = (side: Side): Side => ({
    ...side,
    filter: both(visibleRows(caller, side.dataset), side.filter),
  });
  return { ...question, numerator: visible(question.numerator), denominator: visible(question.denominator) };
}

function ratioType(types: TypeRegistry): ObjectType<RatioAnalysis> {
  const type = types.builder.objectRef<RatioAnalysis>('Ratio');
  addRatioFields(types, type, totalsOf);
  addRatioGroups(types, type);
  addRatioSeries(types, type);
  return type.implement({
    description:
      'One number divided by another. Both sides cover the same range, unless one of them has `earlier`.',
    fields: (t) => ({
      range: t.field({
        type: timeRange(types),
        description:
          'The range that the numbers beside this field cover: the requested range, unless part of it ' +
          'has expired in one of the datasets. `source` says what is missing.',
        // The field that requested an answer reports its failure, and so does `source`.
        resolve: async (analysis, _args, context) => {
          const source = await sourceOrTotals(analysis, context).catch(() => null);
          return source?.range ?? analysis.question.range;
        },
      }),
      source: t.field({
        type: analyticsSource(types),
        description: 'The source of the answers beside this field, of both sides together.',
        resolve: (analysis, _args, context) => sourceOrTotals(analysis, context),
      }),
    }),
  });
}
