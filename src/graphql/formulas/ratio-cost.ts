import { MAX_GROUPS } from '../../analytics/create-analytics.ts';
import { type EstimatedQuestion, estimateTotals } from '../../analytics/estimate.ts';
import type { RatioQuestion, SideName } from '../../analytics/formulas/ratio.ts';
import type { RatioGroupOptions } from '../../analytics/formulas/ratio-groups.ts';
import type { RatioSeriesOptions } from '../../analytics/formulas/ratio-series.ts';
import { measuresOf, scopeOf } from '../../analytics/formulas/side.ts';
import { costOfGroups, costOfSeries } from '../analytics/analytics-cost.ts';
import type { FieldCost } from '../limits/field-cost.ts';
import { type FieldInfo, selectionOf } from '../selection.ts';
import type { RatioAnalysis } from './ratio-analysis.ts';

const SIDES: readonly SideName[] = ['numerator', 'denominator'];

/** What one side reads. */
function estimatedOf(
  question: RatioQuestion,
  name: SideName,
  dimensions: readonly string[],
): EstimatedQuestion {
  const side = question[name];
  return { ...scopeOf(question, side), dimensions, measures: measuresOf(side) };
}

/**
 * The cost of the totals of both sides, if a number of the whole range is selected, or only where
 * answers come from. Other selected fields declare their own costs.
 */
export function costOfRatio(analysis: RatioAnalysis, info: FieldInfo): FieldCost {
  const selected = selectionOf(info);
  const has = (...fields: readonly string[]) => fields.some((field) => selected.has(field));
  const reads =
    has('value', 'numerator', 'denominator') || (has('source', 'range') && !has('groups', 'series'));
  const both = SIDES.map((name) => estimateTotals(estimatedOf(analysis.question, name, [])));
  return { rows: reads ? sum(both) : 0, value: analysis };
}

/** The cost of the groups of each side. */
export function costOfRatioGroups(
  question: RatioQuestion,
  { dimensions, first, orderBy: { by } }: RatioGroupOptions,
): number {
  const groups = by === 'value' ? MAX_GROUPS : first;
  return sum(SIDES.map((name) => costOfGroups({ ...estimatedOf(question, name, dimensions), groups })));
}

/** The cost of the points of each side, and of the groups that get a series. */
export function costOfRatioSeries(question: RatioQuestion, options: RatioSeriesOptions): number {
  const { dimensions, first, grain, timeZone } = options;
  const groups = dimensions.length === 0 ? 1 : first;
  const points = SIDES.map((name) =>
    costOfSeries({ ...estimatedOf(question, name, dimensions), groups, grain, timeZone }),
  );
  return sum(points) + (dimensions.length === 0 ? 0 : costOfRatioGroups(question, options));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
