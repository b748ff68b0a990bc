import type { Column } from '../../core/dataset/column.ts';
import { isTag, tagKey, tagName } from '../../core/dataset/tag.ts';
import { InvalidArgument } from '../../core/errors.ts';
import type { RuleQuestion } from './rule.ts';

type Asked = Pick<RuleQuestion, 'dataset' | 'aggregate' | 'measure' | 'quantile' | 'groupBy'>;

/** @throws InvalidArgument at `input.<field>` if the dataset cannot answer the question. */
export function checkQuestion(asked: Asked): void {
  checkSuccess(asked);
  checkMeasure(asked);
  checkQuantile(asked);
  checkGroupBy(asked);
}

/** Aggregates of the events themselves, without a measure. */
const OF_EVENTS: readonly Asked['aggregate'][] = ['COUNT', 'ERROR_RATE', 'BURN_RATE'];

function checkSuccess({ dataset, aggregate }: Asked): void {
  if (aggregate !== 'ERROR_RATE' || dataset.hasSuccess) return;
  const message = `${dataset.name} does not record whether an event succeeded, so it has no ERROR_RATE.`;
  throw new InvalidArgument(message, 'input.aggregate');
}

function checkMeasure({ dataset, aggregate, measure }: Asked): void {
  if (OF_EVENTS.includes(aggregate)) {
    if (measure === null) return;
    throw new InvalidArgument(
      `${aggregate} applies to events, not to a measure: omit \`measure\`, or choose SUM, AVG, ` +
        'MIN, MAX, QUANTILE or COUNT_DISTINCT.',
      'input.measure',
    );
  }
  if (aggregate === 'COUNT_DISTINCT') {
    checkCounted(dataset, measure);
    return;
  }
  if (measure === null) {
    const message = `${aggregate} needs a measure of ${dataset.name}: ${namesOf(dataset.measures)}.`;
    throw new InvalidArgument(message, 'input.measure');
  }
  if (dataset.measures.some(({ name }) => name === measure)) return;
  const message = `${dataset.name} has no measure "${measure}". It has ${namesOf(dataset.measures)}.`;
  throw new InvalidArgument(message, 'input.measure');
}

function checkCounted(dataset: Asked['dataset'], measure: string | null): void {
  if (measure === null) {
    const message =
      'COUNT_DISTINCT needs a `measure` that names the dimension or tag whose values it counts: ' +
      `${namesOf(dataset.dimensions)}, or a tag, such as tags.team.`;
    throw new InvalidArgument(message, 'input.measure');
  }
  checkDimension(dataset, measure, 'input.measure');
}

function checkQuantile({ aggregate, quantile }: Asked): void {
  if (aggregate === 'QUANTILE') {
    if (quantile !== null) return;
    const message = 'QUANTILE needs `quantile`, from 0 to 1: 0.95 is the 95th percentile.';
    throw new InvalidArgument(message, 'input.quantile');
  }
  if (quantile === null) return;
  throw new InvalidArgument(
    `${aggregate} takes no quantile: omit \`quantile\`, or choose QUANTILE.`,
    'input.quantile',
  );
}

function checkGroupBy({ dataset, groupBy }: Asked): void {
  for (const [index, wanted] of groupBy.entries()) checkDimension(dataset, wanted, `input.groupBy.${index}`);
}

function checkDimension(dataset: Asked['dataset'], wanted: string, argument: string): void {
  if (isTag(wanted)) tagName(tagKey(wanted), argument);
  if (isTag(wanted) || dataset.dimensions.some(({ name }) => name === wanted)) return;
  const message = `${dataset.name} has no dimension "${wanted}". It has ${namesOf(dataset.dimensions)}, and tags, such as tags.team.`;
  throw new InvalidArgument(message, argument);
}

const namesOf = (columns: readonly Column[]): string =>
  columns.length === 0 ? 'none' : columns.map(({ name }) => name).join(', ');
