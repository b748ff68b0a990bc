import { InvalidArgument, TelltaleError } from '../../core/errors.ts';
import type { QuotaName } from '../../core/quotas.ts';
import type { Quota, Standing } from './quotas-of.ts';

const AMOUNTS: Readonly<Record<QuotaName, (limit: number) => string>> = {
  eventsPerMinute: (limit) => `${limit} events a minute`,
  eventsPerDay: (limit) => `${limit} events a day`,
  queryCostPerMinute: (limit) => `a query cost of ${limit} a minute`,
};

/** Describes a quota, such as "this API key may use 1000 events a minute (eventsPerMinute)". */
export function inWords({ of, limit, name }: Quota): string {
  return `this ${of === 'KEY' ? 'API key' : 'address'} may use ${AMOUNTS[name](limit)} (${name})`;
}

/** The operation may pass later. */
export function rateLimited({ quota, remaining, resetAfterMs }: Standing, wanted: number): TelltaleError {
  const retryAfterMs = Math.max(resetAfterMs, 1);
  return new TelltaleError(
    'RATE_LIMITED',
    `The request needs ${wanted}, but ${inWords(quota)} and has ${remaining} left: nothing was done. ` +
      `Try again in ${retryAfterMs} ms.`,
    { retryAfterMs, quota: quota.name, of: quota.of, limit: quota.limit, remaining },
  );
}

/** The call can never pass. */
export function tooManyEvents(quota: Quota, count: number): InvalidArgument {
  return new InvalidArgument(
    `The call has ${count} events, but ${inWords(quota)}: it can never succeed. Send fewer events per call.`,
    'input',
  );
}
