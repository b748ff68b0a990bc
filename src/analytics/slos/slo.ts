import type { Dataset } from '../../core/dataset/dataset.ts';
import { findDataset } from '../../core/dataset/find-dataset.ts';
import { InvalidArgument } from '../../core/errors.ts';
import type { Filter } from '../../core/filter.ts';
import { durationMs } from '../../core/time/duration.ts';
import { readFilter } from '../../filter/read-filter.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';

/** An SLO as Prisma returns it. */
export type StoredSlo = NonNullable<Awaited<ReturnType<PrismaTransaction['slo']['findUnique']>>>;

/** The part of a stored SLO that an `Slo` is made from. */
export interface SloDefinition extends Pick<StoredSlo, 'sloId' | 'dataset' | 'objective' | 'window'> {
  readonly filter: unknown;
  readonly good: unknown;
}

/** A service level objective, ready to be measured. */
export interface Slo {
  readonly sloId: string;
  readonly dataset: Dataset;
  /** Which events count; null: all. */
  readonly filter: Filter | null;
  /** Which of these are good; null: those that succeeded. */
  readonly good: Filter | null;
  /** The share of the events that should be good, above 0 and below 1. */
  readonly objective: number;
  readonly windowMs: number;
}

/** With nine nines, one event in a thousand million may be bad. */
const HIGHEST_OBJECTIVE = 0.999999999;

/**
 * Makes a stored SLO ready to be measured.
 *
 * @throws InvalidArgument at `input.<field>` if it contradicts itself, or names something that does
 *   not exist.
 */
export function readSlo(datasets: readonly Dataset[], stored: SloDefinition): Slo {
  const { sloId, objective } = stored;
  const dataset = findDataset(datasets, stored.dataset);
  const filter = readFilter(dataset, stored.filter, 'input.filter');
  const good = readGood(dataset, stored.good);
  checkObjective(objective);
  const windowMs = durationMs(stored.window);
  if (windowMs === null) throw new Error(`The stored value "${stored.window}" is not a duration`);
  return { sloId, dataset, filter, good, objective, windowMs };
}

function readGood(dataset: Dataset, stored: unknown): Filter | null {
  if (stored === null) {
    if (dataset.hasSuccess) return null;
    throw new InvalidArgument(
      `${dataset.name} does not record whether an event succeeded: set \`good\` to a filter that ` +
        'matches the good events.',
      'input.good',
    );
  }
  const good = readFilter(dataset, stored, 'input.good');
  if (good === null)
    throw new InvalidArgument(
      '`good` matches every event, so none would be bad. Omit it to count the events that ' +
        'succeeded as good, or give a filter such as {"latencyMs": {"lte": 800}}.',
      'input.good',
    );
  return isSuccess(good) ? null : good;
}

/** Statistics already have the number of events that succeeded, so no filter is needed for it. */
const isSuccess = (filter: Filter): boolean =>
  filter.kind === 'test' &&
  filter.field === 'success' &&
  filter.operator === 'eq' &&
  filter.value === !filter.negated;

function checkObjective(objective: number): void {
  if (objective > 0 && objective <= HIGHEST_OBJECTIVE) return;
  const hint =
    objective > 1 && objective < 100
      ? `: for ${objective} %, give ${Number((objective / 100).toPrecision(12))}`
      : '';
  throw new InvalidArgument(
    `\`objective\` must be a share above 0 and at most ${HIGHEST_OBJECTIVE}, such as 0.999 for ` +
      `99.9 %, not ${objective}${hint}. An objective of 1 would leave no error budget.`,
    'input.objective',
  );
}
