import { MAX_QUOTA, type Quotas } from '../core/quotas.ts';
import { wholeNumber } from './kinds.ts';

const quota = (unit: string, description: string) => ({
  ...wholeNumber(unit, 1, MAX_QUOTA),
  fallback: 'no quota',
  description,
});

/** The quotas of API keys and of IP addresses. */
export const quotaVariables = {
  KEY_EVENTS_PER_MINUTE: quota(
    'events',
    'How many events an API key may record in a minute, unless it has its own quota. A call beyond it ' +
      'fails with RATE_LIMITED and stores nothing. See docs/access.md.',
  ),
  KEY_EVENTS_PER_DAY: quota('events', 'The same as `KEY_EVENTS_PER_MINUTE`, for a day.'),
  KEY_QUERY_COST_PER_MINUTE: quota(
    'rows',
    'How much an API key may spend on operations in a minute, in the unit of `MAX_QUERY_COST`, unless ' +
      'it has its own quota. An operation beyond it fails with RATE_LIMITED.',
  ),
  ADDRESS_EVENTS_PER_MINUTE: quota(
    'events',
    'How many events one IP address may send in a minute, with any keys. An IPv6 network of 64 bits ' +
      'counts as one address. Behind a proxy, see `TRUSTED_PROXIES`.',
  ),
  ADDRESS_EVENTS_PER_DAY: quota('events', 'The same as `ADDRESS_EVENTS_PER_MINUTE`, for a day.'),
  ADDRESS_QUERY_COST_PER_MINUTE: quota(
    'rows',
    'How much one IP address may spend on operations in a minute, in the unit of `MAX_QUERY_COST`.',
  ),
};

type Subject = 'KEY' | 'ADDRESS';
type Values = { readonly [Name in keyof typeof quotaVariables]?: number | undefined };

/** The quotas that the environment gives every key, or every address. */
export function readQuotas(values: Values, subject: Subject): Quotas {
  return {
    eventsPerMinute: values[`${subject}_EVENTS_PER_MINUTE`] ?? null,
    eventsPerDay: values[`${subject}_EVENTS_PER_DAY`] ?? null,
    queryCostPerMinute: values[`${subject}_QUERY_COST_PER_MINUTE`] ?? null,
  };
}
