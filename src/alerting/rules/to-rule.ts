import type { Dataset } from '../../core/dataset/dataset.ts';
import { InvalidArgument } from '../../core/errors.ts';
import type { Filter } from '../../core/filter.ts';
import { durationMs } from '../../core/time/duration.ts';
import { ABSENT_DATA, AGGREGATES, COMPARATORS } from '../../declarations/alerts/rule-enums.ts';
import { readFilter } from '../../filter/read-filter.ts';
import { nameIn, textsIn } from '../../storage/stored-values.ts';
import { checkQuestion } from './check-question.ts';
import { checkThresholds } from './check-thresholds.ts';
import type { Rule, RulePolicy, RuleQuestion, StoredRule } from './rule.ts';

/** The part of a stored rule that a `Rule` is made from. */
export interface RuleDefinition
  extends Omit<StoredRule, 'id' | 'enabled' | 'problem' | 'createdAt' | 'webhooks' | 'filter' | 'groupBy'> {
  readonly filter: unknown;
  readonly groupBy: unknown;
}

/**
 * Makes a stored rule ready to be evaluated.
 *
 * @throws InvalidArgument at `input.<field>` if the rule contradicts itself, or names something
 *   that does not exist.
 */
export type ToRule = (stored: RuleDefinition) => Rule;

/** @param datasets the datasets that rules may ask about */
export function createRuleReader(datasets: readonly Dataset[]): ToRule {
  return (stored) => {
    const { projectId, ruleId, name, description, type, updatedAt } = stored;
    const dataset = findDataset(datasets, stored.dataset);
    const filter = readFilter(dataset, stored.filter, 'input.filter');
    const question = questionOf(stored, dataset, filter);
    checkQuestion(question);
    const policy = policyOf(stored);
    checkThresholds(policy, question);
    return { projectId, ruleId, name, description, type, question, policy, updatedAt: updatedAt.getTime() };
  };
}

function findDataset(datasets: readonly Dataset[], name: string): Dataset {
  const dataset = datasets.find((candidate) => candidate.name === name);
  if (dataset !== undefined) return dataset;
  const names = datasets.map((known) => known.name).join(', ');
  throw new InvalidArgument(`There is no dataset "${name}". There are ${names}.`, 'input.dataset');
}

function questionOf(stored: RuleDefinition, dataset: Dataset, filter: Filter | null): RuleQuestion {
  return {
    dataset,
    filter,
    aggregate: nameIn(AGGREGATES, stored.aggregate),
    measure: stored.measure,
    quantile: stored.quantile,
    groupBy: textsIn(stored.groupBy),
    windowMs: millisecondsOf(stored.window),
    minimumCount: stored.minimumCount,
  };
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
