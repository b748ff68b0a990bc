import type { ServiceTier } from '../../prices/tariff.ts';

/** How a provider serves a call, which determines its price. */
export const SERVICE_TIERS: Readonly<Record<ServiceTier, string>> = {
  STANDARD: 'The ordinary one.',
  BATCH: 'Answered within hours, at a discount.',
  FLEX: 'Answered when there is room, at a discount.',
  PRIORITY: 'Answered before others, at a surcharge.',
};
