import type { QuotaName } from '../../../core/quotas.ts';

/** What has quotas. */
export type Subject = 'KEY' | 'ADDRESS';

/** What the quotas are. */
export const QUOTAS: Readonly<Record<QuotaName, string>> = {
  eventsPerMinute: 'How many events it may record per minute.',
  eventsPerDay: 'How many events it may record per day.',
  queryCostPerMinute: 'How much it may spend on operations per minute, in the unit of `extensions.cost`.',
};

/**
 * The variable of the environment by which the operator sets a default, such as KEY_EVENTS_PER_DAY.
 */
export const variableOf = (subject: Subject, name: QuotaName): string =>
  `${subject}_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

export const DEFAULT_QUOTAS =
  'The quotas of API keys that have none of their own, and of each address. Without a default there is no quota: ' +
  'then only the limits of single operations apply, such as `MAX_QUERY_COST` and 10,000 events per call.';

/** The quota of a key that has none of its own. */
export const otherwise = (name: QuotaName): string =>
  `the server’s default (\`defaultQuotas\`, set by \`${variableOf('KEY', name)}\`), if it has one.`;
