import type { Rule } from '../../../alerting/rules/rule.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import type { Filter } from '../../../core/filter.ts';
import { durationMs } from '../../../core/time/duration.ts';
import type { Services } from '../../../graphql/context.ts';
import { type Entity, toEntity } from '../../../graphql/dataset/entity.ts';
import { readFilter } from '../../../graphql/dataset/filter.ts';
import { alertRules } from './definition.ts';

/**
 * The rule of an input that may leave out who it is.
 *
 * @throws InvalidArgument at `input.<field>`.
 */
export function readRule(
  { recordChecks, datasets }: Pick<Services, 'recordChecks' | 'datasets'>,
  projectId: string,
  input: Readonly<Record<string, unknown>>,
): Pick<Rule, 'projectId' | 'question' | 'policy'> {
  const named = { ...input, ruleId: 'preview', name: input['name'] ?? 'Preview' };
  const stored = toEntity(alertRules, recordChecks.toRow(alertRules, projectId, named));
  const dataset = findDataset(datasets, stored['dataset'] as string);
  return { projectId, question: questionOf(dataset, stored), policy: policyOf(stored) };
}

function findDataset(datasets: readonly Dataset[], name: string): Dataset {
  const dataset = datasets.find((candidate) => candidate.name === name);
  if (dataset !== undefined) return dataset;
  const names = datasets.map((known) => known.name).join(', ');
  throw new InvalidArgument(`There is no dataset "${name}". There are ${names}.`, 'input.dataset');
}

function questionOf(dataset: Dataset, stored: Entity): Rule['question'] {
  const { aggregate, measure, quantile, groupBy, minimumCount } = stored as unknown as Rule['question'];
  const takesMeasure = aggregate !== 'COUNT' && aggregate !== 'ERROR_RATE';
  const measures = dataset.measures.map(({ name }) => name);
  if (takesMeasure !== (measure !== null) || (measure !== null && !measures.includes(measure))) {
    const wanted = takesMeasure ? `one of ${measures.join(', ')}` : 'none';
    throw new InvalidArgument(`The measure of ${aggregate} must be ${wanted}.`, 'input.measure');
  }
  if ((aggregate === 'QUANTILE') !== (quantile !== null)) {
    const wanted = 'QUANTILE, and nothing else, takes a quantile, such as 0.95.';
    throw new InvalidArgument(wanted, 'input.quantile');
  }
  const other = groupBy.findIndex((name) => dataset.dimensions.every((dimension) => dimension.name !== name));
  if (other >= 0)
    throw new InvalidArgument(
      `${dataset.name} has no dimension "${groupBy[other]}".`,
      `input.groupBy.${other}`,
    );
  const filter = readRuleFilter(dataset, stored['filter']);
  const windowMs = durationMs(stored['window'] as string) as number;
  return { dataset, filter, aggregate, measure, quantile, groupBy, windowMs, minimumCount };
}

/** As the filter of a list, at its place in the rule. */
function readRuleFilter(dataset: Dataset, filter: unknown): Filter | null {
  try {
    return readFilter(dataset, filter);
  } catch (error) {
    if (!(error instanceof InvalidArgument)) throw error;
    throw new InvalidArgument(error.message, `input.${error.details?.['argument']}`);
  }
}

function policyOf(stored: Entity): Rule['policy'] {
  const { comparator, warning, critical, absent } = stored as unknown as Rule['policy'];
  if (warning === null && critical === null)
    throw new InvalidArgument('A rule needs a threshold: warning, critical or both.', 'input.warning');
  const forMs = durationMs(stored['for'] as string) as number;
  return { comparator, warning, critical, absent, forMs, renotifyMs: null };
}
