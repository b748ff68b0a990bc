import { InvalidArgument } from '../../core/errors.ts';
import { COMPARE } from './level.ts';
import type { RulePolicy, RuleQuestion } from './rule.ts';

type Thresholds = Pick<RulePolicy, 'comparator' | 'warning' | 'critical'>;
type Asked = Pick<RuleQuestion, 'dataset' | 'aggregate' | 'measure'>;

/**
 * @throws InvalidArgument at `input.<field>` for thresholds that contradict each other, that no
 *   number can pass, or that all do.
 */
export function checkThresholds(thresholds: Thresholds, asked: Asked): void {
  const { warning, critical } = thresholds;
  if (warning === null && critical === null)
    throw new InvalidArgument('A rule needs `warning`, `critical`, or both.', 'input.warning');
  for (const name of ['warning', 'critical'] as const) {
    const threshold = thresholds[name];
    if (threshold === null) continue;
    if (asked.aggregate === 'ERROR_RATE') checkShare(threshold, name);
    checkTells(name, threshold, thresholds, asked);
  }
  if (warning !== null && critical !== null) checkOrder(warning, critical, thresholds);
}

/** Who means five per cent must not write 5: that would never be passed. */
function checkShare(threshold: number, name: string): void {
  if (threshold >= 0 && threshold <= 1) return;
  const message = `\`${name}\` of an ERROR_RATE is a share from 0 to 1, such as 0.05 for 5 %, not ${threshold}.`;
  throw new InvalidArgument(message, `input.${name}`);
}

/** A threshold that tells nothing: the number is on the same side of it whatever happens. */
function checkTells(name: string, threshold: number, { comparator }: Thresholds, asked: Asked): void {
  const { least, most } = boundsOf(asked);
  const passes = COMPARE[comparator];
  const [leastPasses, mostPasses] = [passes(least, threshold), passes(most, threshold)];
  // A comparison has one side: what holds for both ends holds in between.
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

/** Between which numbers the answer lies, both included, in its unit. */
function boundsOf({ dataset, aggregate, measure }: Asked): Bounds {
  if (aggregate === 'ERROR_RATE') return { least: 0, most: 1 };
  if (aggregate === 'COUNT') return { least: 0, most: Number.POSITIVE_INFINITY };
  const least = dataset.measures.find(({ name }) => name === measure)?.min ?? Number.NEGATIVE_INFINITY;
  // Without anything to add up there is no sum: one of positive numbers is no less than the first
  // of them.
  const isUnbounded = aggregate === 'SUM' && least < 0;
  return { least: isUnbounded ? Number.NEGATIVE_INFINITY : least, most: Number.POSITIVE_INFINITY };
}

const nameOf = ({ aggregate, measure }: Asked): string =>
  measure === null ? aggregate : `the ${aggregate} of ${measure}`;

/** What passes the critical threshold has to pass the milder one. */
function checkOrder(warning: number, critical: number, { comparator }: Thresholds): void {
  const rises = comparator === 'GT' || comparator === 'GTE';
  if (rises ? critical > warning : critical < warning) return;
  const wanted = rises ? 'greater' : 'less';
  throw new InvalidArgument(
    `With ${comparator}, \`critical\` must be ${wanted} than \`warning\` (${warning}), not ${critical}: it is the one that is harder to pass.`,
    'input.critical',
  );
}
