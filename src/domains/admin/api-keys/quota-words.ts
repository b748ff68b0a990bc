import type { QuotaName } from '../../../core/quotas.ts';

/** What has quotas. */
export type Subject = 'KEY' | 'ADDRESS';

/** What the quotas are. */
export const QUOTAS: Readonly<Record<QuotaName, string>> = {
  eventsPerMinute: 'How many events it may record in a minute.',
  eventsPerDay: 'How many events it may record in a day.',
  queryCostPerMinute: 'How much it may spend on operations in a minute, in the unit of `extensions.cost`.',
};

/** The variable of the environment by which the operator sets a default, such as KEY_EVENTS_PER_DAY. */
export const variableOf = (subject: Subject, name: QuotaName): string =>
  `${subject}_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

export const DEFAULT_QUOTAS =
  'What applies where an API key has no quota of its own, and to each address. Without a default there is no ' +
  'quota: an operation is then bounded by the limits of single operations alone, such as `MAX_QUERY_COST` and ' +
  '10,000 events a call.';

/** What applies to a key that has no such quota of its own. */
export const otherwise = (name: QuotaName): string =>
  `the default of the server (\`defaultQuotas\`, which \`${variableOf('KEY', name)}\` sets); without one, no quota.`;
