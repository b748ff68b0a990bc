import type { Account } from '../../access/budgets/budgets.ts';
import type { EventInput } from '../../ingest/ingest.ts';

/** What the descriptions of the mutations say about quotas. */
export const QUOTA_NOTE =
  'Every event counts towards the quotas of the API key and of the IP address, including ' +
  'duplicates and rejected events. A call that exceeds a quota fails with RATE_LIMITED and ' +
  '`retryAfterMs`, and stores nothing.';

/**
 * Charges the events of a call to the quotas before they are checked, and stores them. If the call
 * fails as a whole, it has stored nothing, so its events are refunded.
 *
 * @throws TelltaleError RATE_LIMITED, InvalidArgument for more events than a whole quota
 */
export async function withinQuota<Outcome>(
  account: Account | null | undefined,
  inputs: readonly Pick<EventInput, 'events'>[],
  store: () => Promise<Outcome>,
): Promise<Outcome> {
  const count = inputs.reduce((total, { events }) => total + events.length, 0);
  if (account == null || count === 0) return store();
  const giveBack = await account.takeEvents(count);
  try {
    return await store();
  } catch (error) {
    await giveBack();
    throw error;
  }
}
