import { InvalidArgument } from '../errors.ts';
import type { Dataset } from './dataset.ts';

/**
 * The dataset of that name, as mutations are given it; null: they are given none.
 *
 * @throws InvalidArgument at `input.dataset` unless there is one; the message names those that there are.
 */
export function findDataset(datasets: readonly Dataset[], name: string | null): Dataset {
  const dataset = datasets.find((candidate) => candidate.name === name);
  if (dataset !== undefined) return dataset;
  const names = datasets.map((known) => known.name).join(', ');
  const wrong = name === null ? '`dataset` is required' : `There is no dataset "${name}"`;
  throw new InvalidArgument(`${wrong}. There are ${names}.`, 'input.dataset');
}
