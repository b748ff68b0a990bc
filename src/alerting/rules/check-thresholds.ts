import { InvalidArgument } from '../../core/errors.ts';
import type { RulePolicy, RuleQuestion } from './rule.ts';

type Thresholds = Pick<RulePolicy, 'comparator' | 'warning' | 'critical'>;

/** @throws InvalidArgument at `input.<field>` for thresholds that contradict each other, or that no number can pass. */
export function checkThresholds(thresholds: Thresholds, aggregate: RuleQuestion['aggregate']): void {
  const { warning, critical } = thresholds;
  if (warning === null && critical === null)
    throw new InvalidArgument('A rule needs `warning`, `critical`, or both.', 'input.warning');
  if (aggregate === 'ERROR_RATE') {
    checkShare(warning, 'warning');
    checkShare(critical, 'critical');
  }
  if (warning !== null && critical !== null) checkOrder(warning, critical, thresholds);
}

/** Who means five per cent must not write 5: that would never be passed. */
function checkShare(threshold: number | null, name: string): void {
  if (threshold === null || (threshold >= 0 && threshold <= 1)) return;
  const message = `\`${name}\` of an ERROR_RATE is a share from 0 to 1, such as 0.05 for 5 %, not ${threshold}.`;
  throw new InvalidArgument(message, `input.${name}`);
}

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
