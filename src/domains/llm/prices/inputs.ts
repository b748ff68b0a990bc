import type { PriceIdentity } from '../../../costs/prices.ts';
import { derivedId } from '../../../core/ids.ts';
import { projectPrices } from '../../../declarations/llm/project-prices.ts';
import type { Context } from '../../../graphql/context.ts';
import { inputColumns } from '../../../graphql/events/event-input.ts';

/** The columns that a client may set. Its names, service tier and beginning identify a price. */
export const priceColumns = inputColumns(projectPrices).filter(
  ({ name }) => name !== 'id' && name !== 'createdAt',
);

/** The columns that identify a price. */
export const identityColumns = priceColumns.filter(({ name }) =>
  ['provider', 'model', 'serviceTier', 'validFrom'].includes(name),
);

/** The id of a price of the project. */
export const priceId = ({ projectId, services }: Context, price: PriceIdentity): string =>
  derivedId(projectId, projectPrices.name, services.prices.identityOf(price));

/** The key of `transact`. */
export const turnOf = ({ projectId }: Context): string => `prices ${projectId}`;
