import { readSlo, type Slo, type SloDefinition } from '../../analytics/slos/slo.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { findDataset } from '../../core/dataset/find-dataset.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { durationMs } from '../../core/time/duration.ts';
import { ABSENT_DATA, COMPARATORS, EVENT_AGGREGATES } from '../../declarations/alerts/rule-enums.ts';
import { readFilter } from '../../filter/read-filter.ts';
import { nameIn, textsIn } from '../../storage/stored-values.ts';
import { checkBurnRate } from './check-burn-rate.ts';
import { checkQuestion } from './check-question.ts';
import { checkThresholds } from './check-thresholds.ts';
import type { Rule, RuleDefinition, RulePolicy, RuleQuestion } from './rule.ts';

/**
 * Prepares a stored rule for evaluation.
 *
 * @param slo the SLO that the rule names; null if there is none
 * @throws InvalidArgument at `input.<field>` if the rule contradicts itself, or names something
 *   that does not exist.
 */
export type ToRule = (stored: RuleDefinition, slo: SloDefinition | null) => Rule;

/** @param datasets the datasets that rules may query */
export function createRuleReader(datasets: readonly Dataset[]): ToRule {
  return (stored, storedSlo) => {
    const { projectId, ruleId, name, description, type, updatedAt } = stored;
    const slo = sloOf(datasets, stored, storedSlo);
    if (slo !== null) checkBurnRate(stored, slo);
    const dataset = slo?.dataset ?? findDataset(datasets, stored.dataset);
    const filter = slo === null ? readFilter(dataset, stored.filter, 'input.filter') : slo.filter;
    const question = questionOf(stored, { dataset, filter }, slo);
    checkQuestion(question);
    const policy = policyOf(stored);
    checkThresholds(policy, question);
    return { projectId, ruleId, name, description, type, question, policy, updatedAt: updatedAt.getTime() };
  };
}

/** Null if the aggregate of the rule is not BURN_RATE. */
function sloOf(
  datasets: readonly Dataset[],
  { aggregate, sloId }: RuleDefinition,
  stored: SloDefinition | null,
): Slo | null {
  if (aggregate !== 'BURN_RATE') {
    if (sloId === null) return null;
    const message = `${aggregate} takes no SLO: omit \`sloId\`, or choose BURN_RATE.`;
    throw new InvalidArgument(message, 'input.sloId');
  }
  if (sloId === null)
    throw new InvalidArgument('BURN_RATE needs `sloId`: the SLO whose error budget burns.', 'input.sloId');
  if (stored === null) throw new InvalidArgument(`There is no SLO "${sloId}".`, 'input.sloId');
  return readSlo(datasets, stored);
}

function questionOf(
  stored: RuleDefinition,
  events: Pick<RuleQuestion, 'dataset' | 'filter'>,
  slo: Slo | null,
): RuleQuestion {
  const common = {
    ...events,
    measure: stored.measure,
    quantile: stored.quantile,
    groupBy: textsIn(stored.groupBy),
    windowMs: millisecondsOf(stored.window),
    minimumCount: stored.minimumCount,
  };
  if (slo !== null) return { ...common, aggregate: 'BURN_RATE', slo };
  return { ...common, aggregate: nameIn(EVENT_AGGREGATES, stored.aggregate) };
}

function policyOf(stored: RuleDefinition): RulePolicy {
  return {
    comparator: nameIn(COMPARATORS, stored.comparator),
    warning: stored.warning,
    critical: stored.critical,
    forMs: millisecondsOf(stored.for),
    absent: nameIn(ABSENT_DATA, stored.absent),
    recoverMs: millisecondsOf(stored.recoverAfter),
    renotifyMs: stored.renotify === null ? null : millisecondsOf(stored.renotify),
  };
}

/** Durations are checked when they are stored. */
function millisecondsOf(duration: string): number {
  const milliseconds = durationMs(duration);
  if (milliseconds === null) throw new Error(`The stored value "${duration}" is not a duration`);
  return milliseconds;
}
