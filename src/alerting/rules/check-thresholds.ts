import { mostBurnRate } from '../../analytics/slos/error-budget.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { COMPARE } from './level.ts';
import type { BurnQuestion, EventQuestion, RulePolicy } from './rule.ts';

type Thresholds = Pick<RulePolicy, 'comparator' | 'warning' | 'critical'>;
type Asked =
  | Pick<EventQuestion, 'dataset' | 'aggregate' | 'measure'>
  | Pick<BurnQuestion, 'dataset' | 'aggregate' | 'measure' | 'slo'>;

/**
 * @throws InvalidArgument at `input.<field>` if the thresholds contradict each other, or if no
 *   value or every value passes one of them.
 */
export function checkThresholds(thresholds: Thresholds, asked: Asked): void {
  const { warning, critical } = thresholds;
  if (warning === null && critical === null)
    throw new InvalidArgument('A rule needs `warning`, `critical`, or both.', 'input.warning');
  for (const name of ['warning', 'critical'] as const) {
    const threshold = thresholds[name];
    if (threshold === null) continue;
    if (asked.aggregate === 'ERROR_RATE') checkShare(threshold, name);
    checkDecides({ name, threshold }, thresholds, asked);
  }
  if (warning !== null && critical !== null) checkOrder(warning, critical, thresholds);
}

/** Rejects 5 where 5 % is meant: no error rate would ever pass it. */
function checkShare(threshold: number, name: string): void {
  if (threshold >= 0 && threshold <= 1) return;
  const message = `\`${name}\` of an ERROR_RATE is a share from 0 to 1, such as 0.05 for 5 %, not ${threshold}.`;
  throw new InvalidArgument(message, `input.${name}`);
}

/** Rejects a threshold that decides nothing: all possible values are on the same side of it. */
function checkDecides(
  { name, threshold }: { readonly name: string; readonly threshold: number },
  { comparator }: Thresholds,
  asked: Asked,
): void {
  const { least, most } = boundsOf(asked);
  const passes = COMPARE[comparator];
  const [leastPasses, mostPasses] = [passes(least, threshold), passes(most, threshold)];
  // A comparison has one direction: if it holds for both bounds, it holds in between.
  if (leastPasses !== mostPasses) return;
  const bounds = most === Number.POSITIVE_INFINITY ? `never less than ${least}` : `from ${least} to ${most}`;
  throw new InvalidArgument(
    `\`${name}\` is ${leastPasses ? 'always' : 'never'} passed: ${nameOf(asked)} is ${bounds}, and the rule asks for ` +
      `${comparator} ${threshold}.`,
    `input.${name}`,
  );
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** The smallest and the largest possible value of the answer, in its unit. */
function boundsOf(asked: Asked): Bounds {
  if (asked.aggregate === 'BURN_RATE') return { least: 0, most: mostBurnRate(asked.slo.objective) };
  const { dataset, aggregate, measure } = asked;
  if (aggregate === 'ERROR_RATE') return { least: 0, most: 1 };
  if (aggregate === 'COUNT' || aggregate === 'COUNT_DISTINCT')
    return { least: 0, most: Number.POSITIVE_INFINITY };
  const least = dataset.measures.find(({ name }) => name === measure)?.min ?? Number.NEGATIVE_INFINITY;
  // A sum over no events is null, not 0. If no value is negative, the sum is at least the smallest
  // possible value; otherwise it has no lower bound.
  const isUnbounded = aggregate === 'SUM' && least < 0;
  return { least: isUnbounded ? Number.NEGATIVE_INFINITY : least, most: Number.POSITIVE_INFINITY };
}

const nameOf = ({ aggregate, measure }: Asked): string =>
  measure === null ? aggregate : `the ${aggregate} of ${measure}`;

/** A value that passes `critical` must also pass `warning`. */
function checkOrder(warning: number, critical: number, { comparator }: Thresholds): void {
  const rises = comparator === 'GT' || comparator === 'GTE';
  if (rises ? critical > warning : critical < warning) return;
  const wanted = rises ? 'greater' : 'less';
  throw new InvalidArgument(
    `With ${comparator}, \`critical\` must be ${wanted} than \`warning\` (${warning}), not ` +
      `${critical}: it must be the harder one to cross.`,
    'input.critical',
  );
}
