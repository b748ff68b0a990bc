import type { ServiceTier } from '../../prices/tariff.ts';

/** How a provider serves a call, which decides its price. */
export const SERVICE_TIERS: Readonly<Record<ServiceTier, string>> = {
  STANDARD: 'At once, at the usual price.',
  BATCH: 'Within a day, usually at half the price.',
  FLEX: 'When there is room, at a lower price.',
  PRIORITY: 'Before others, at a higher price.',
};
