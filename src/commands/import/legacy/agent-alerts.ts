import { type AskedTarget, Refusal } from '../target.ts';
import type { LegacyState } from './source.ts';

const WEBHOOKS = '{ webhooks(first: 1, filter: { enabled: { eq: true } }) { totalCount } }';
const RAISE =
  'mutation ($input: RaiseAlertInput!) { raiseAlert(input: $input) { created alert { status } } }';
const ACKNOWLEDGE =
  'mutation ($input: AcknowledgeAlertInput!) { acknowledgeAlert(input: $input) { alert { id } } }';
const RESOLVE = 'mutation ($input: ResolveAlertInput!) { resolveAlert(input: $input) { alert { id } } }';

/** Stands for a person whom the file does not name. */
const NOBODY_KNOWN = 'unknown';

/** Alerts from long ago must not notify anybody. */
export async function noWebhooks({ ask }: AskedTarget): Promise<string | null> {
  try {
    const { webhooks } = await ask<{ webhooks: { totalCount: number } }>(WEBHOOKS, {});
    if (webhooks.totalCount === 0) return null;
    return 'The webhooks of the project would be called for each alert: disable them, and import the file again.';
  } catch (error) {
    if (!(error instanceof Refusal) || error.answer.code !== 'FORBIDDEN') throw error;
    return (
      'This API key cannot show whether webhooks would be called: use one that can, and import the ' +
      'file again.'
    );
  }
}

interface Raised {
  readonly raiseAlert: { readonly created: boolean; readonly alert: { readonly status: string } };
}

/**
 * Raises the alert and takes it to its former state. An alert that has progressed further stays as
 * it is.
 */
export async function storeAlert(
  { ask }: AskedTarget,
  { input, row, toTime }: LegacyState,
): Promise<'accepted' | 'duplicates'> {
  const { alertId } = input;
  const times = timesOf(row, toTime);
  const metadata = times === null ? input['metadata'] : { ...Object(input['metadata']), legacy: times };
  const { raiseAlert } = await ask<Raised>(RAISE, { input: { ...input, metadata } });
  let { status } = raiseAlert.alert;
  if (isTrue(row['acknowledged']) && status === 'OPEN') {
    const acknowledgedBy = row['acknowledged_by'] || NOBODY_KNOWN;
    await ask(ACKNOWLEDGE, { input: { alertId, acknowledgedBy } });
    status = 'ACKNOWLEDGED';
  }
  if (isTrue(row['resolved']) && status !== 'RESOLVED') {
    await ask(RESOLVE, { input: { alertId, resolvedBy: NOBODY_KNOWN } });
  }
  return raiseAlert.created ? 'accepted' : 'duplicates';
}

/** The server sets the times of these steps itself, so the former times are stored beside them. */
function timesOf(row: LegacyState['row'], toTime: LegacyState['toTime']): object | null {
  const { acknowledged_at: acknowledged, resolved_at: resolved } = row;
  if (acknowledged == null && resolved == null) return null;
  return {
    ...(acknowledged != null && { acknowledgedAt: toTime(acknowledged) }),
    ...(resolved != null && { resolvedAt: toTime(resolved) }),
  };
}

/** Booleans in SQLite are numbers, or words where a program wrote words. */
const isTrue = (value: unknown): boolean => value === 1 || String(value).toLowerCase() === 'true';
