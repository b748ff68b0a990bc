import { projectPrices } from '../../../declarations/llm/project-prices.ts';
import type { Context } from '../../../graphql/context.ts';
import { toState } from '../../../graphql/entities/entity.ts';
import { inputColumns } from '../../../graphql/events/event-input.ts';

/** The columns that a client may set. */
export const priceColumns = inputColumns(projectPrices).filter(
  ({ name }) => name !== 'identity' && name !== 'createdAt',
);

/** The columns that identify a price. */
export const identityColumns = priceColumns.filter(({ name }) =>
  ['provider', 'model', 'serviceTier', 'validFrom'].includes(name),
);

/**
 * The price that an input describes: checked, with its defaults, id and times.
 *
 * @throws InvalidArgument
 */
export function toPrice({ projectId, services }: Context, input: Readonly<Record<string, unknown>>) {
  const toNewState = (identity: string) =>
    toState(projectPrices, services.stateChecks.toRow(projectPrices, projectId, { ...input, identity }));
  return toNewState(services.prices.identityOf(toNewState('unknown')));
}

/** The key of `transact` for changes of a project's prices. */
export const turnOf = ({ projectId }: Context): string => `prices ${projectId}`;
