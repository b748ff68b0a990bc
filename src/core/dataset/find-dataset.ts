import { InvalidArgument } from '../errors.ts';
import type { Dataset } from './dataset.ts';

/**
 * The dataset with the name that a mutation was given; null if it was given none.
 *
 * @throws InvalidArgument at `input.dataset` if there is no such dataset; the message lists the
 *   existing ones.
 */
export function findDataset(datasets: readonly Dataset[], name: string | null): Dataset {
  const dataset = datasets.find((candidate) => candidate.name === name);
  if (dataset !== undefined) return dataset;
  const names = datasets.map((known) => known.name).join(', ');
  const wrong = name === null ? '`dataset` is required' : `There is no dataset "${name}"`;
  throw new InvalidArgument(`${wrong}. There are ${names}.`, 'input.dataset');
}
