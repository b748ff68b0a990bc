import type { ServiceTier } from '../../prices/tariff.ts';

/** How a provider serves a call, which determines its price. */
export const SERVICE_TIERS: Readonly<Record<ServiceTier, string>> = {
  STANDARD: 'The default tier.',
  BATCH: 'The call is answered within hours, at a discount.',
  FLEX: 'The call is answered when there is spare capacity, at a discount.',
  PRIORITY: 'The call is answered before others, at a surcharge.',
};
