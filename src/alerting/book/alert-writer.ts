import { TelltaleError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import type {
  AlertChange,
  AlertDraft,
  AlertEvent,
  AlertResolution,
  StoredAlert,
  StoredDelivery,
} from './alert.ts';
import { assertStep } from './alert-steps.ts';
import { scheduleDeliveries, scheduleTest } from './schedule-deliveries.ts';

/** Changes alerts of one project in one transaction. */
export interface AlertWriter {
  /**
   * Stores an alert and schedules its deliveries. If an alert with that id exists, it stays as it
   * is, whatever its state.
   */
  raise(draft: AlertDraft): Promise<{ readonly alert: StoredAlert; readonly created: boolean }>;
  /** @throws TelltaleError NOT_FOUND, and CONFLICT unless the alert is open. */
  acknowledge(alertId: string, by: string): Promise<StoredAlert>;
  /**
   * `by`: the person who resolved it; null if the server did.
   *
   * @throws TelltaleError NOT_FOUND, and CONFLICT if it is resolved already.
   */
  resolve(alertId: string, resolution: AlertResolution, by: string | null): Promise<StoredAlert>;
  /**
   * Resolves these open or acknowledged alerts on behalf of the server. Other writers wait
   * meanwhile, so pass at most a hundred at a time.
   *
   * @param named ids of the webhooks that the rule of the alerts names; empty for all. Default: as
   *   the stored rules say.
   */
  resolveAll(
    alerts: readonly StoredAlert[],
    resolution: AlertResolution,
    named?: readonly string[],
  ): Promise<void>;
  /** Notifies the webhooks that the alert is still open. */
  remind(alert: StoredAlert): Promise<void>;
  /** Sends a sample alert to a webhook, to test whether it arrives. */
  test(webhookId: string): Promise<StoredDelivery>;
  /** Null if there is none. */
  find(alertId: string): Promise<StoredAlert | null>;
}

export function createAlertWriter(options: AlertChange): AlertWriter {
  const { transaction, projectId, now } = options;
  const keyOf = (alertId: string) => ({
    projectId_id: { projectId, id: derivedId(projectId, 'alerts', alertId) },
  });

  const find = (alertId: string) => transaction.alert.findUnique({ where: keyOf(alertId) });

  async function findExisting(alertId: string): Promise<StoredAlert> {
    const alert = await find(alertId);
    if (alert !== null) return alert;
    throw new TelltaleError('NOT_FOUND', `There is no alert "${alertId}".`, { argument: 'input.alertId' });
  }

  async function change(
    alertId: string,
    event: AlertEvent,
    data: Partial<Omit<StoredAlert, 'metadata' | 'labels'>>,
  ): Promise<StoredAlert> {
    const changeSequence = await nextPosition(options);
    const alert = await transaction.alert.update({
      where: keyOf(alertId),
      data: { ...data, changeSequence, updatedAt: now },
    });
    await scheduleDeliveries(options, { alerts: [alert], event });
    return alert;
  }

  return {
    find,
    async raise(draft) {
      const known = await find(draft.alertId);
      if (known !== null) return { alert: known, created: false };
      const id = keyOf(draft.alertId).projectId_id.id;
      const sequence = await nextPosition(options);
      const data = { projectId, id, sequence, status: 'OPEN', updatedAt: now, ...dataOf(draft) };
      const alert = await transaction.alert.create({ data });
      await scheduleDeliveries(options, { alerts: [alert], event: 'RAISED' });
      return { alert, created: true };
    },
    async acknowledge(alertId, by) {
      assertStep('acknowledge', await findExisting(alertId));
      const data = { status: 'ACKNOWLEDGED', acknowledgedBy: by, acknowledgedAt: now };
      return change(alertId, 'ACKNOWLEDGED', data);
    },
    async resolve(alertId, resolution, by) {
      assertStep('resolve', await findExisting(alertId));
      return change(alertId, 'RESOLVED', { status: 'RESOLVED', resolution, resolvedBy: by, resolvedAt: now });
    },
    resolveAll: (alerts, resolution, named) => resolveAll(options, alerts, { resolution, named }),
    remind: (alert) => scheduleDeliveries(options, { alerts: [alert], event: 'REMINDED' }),
    test: (webhookId) => scheduleTest(options, webhookId),
  };
}

async function resolveAll(
  options: AlertChange,
  alerts: readonly StoredAlert[],
  {
    resolution,
    named,
  }: { readonly resolution: AlertResolution; readonly named: readonly string[] | undefined },
): Promise<void> {
  if (alerts.length === 0) return;
  const { transaction, projectId, now } = options;
  const before = (await nextPosition(options, alerts.length)) - alerts.length;
  const resolved: StoredAlert[] = [];
  // One by one, because each needs its own position.
  for (const [index, alert] of alerts.entries()) {
    const changeSequence = before + 1 + index;
    const data = { status: 'RESOLVED', resolution, resolvedAt: now, updatedAt: now, changeSequence };
    await transaction.alert.updateMany({ where: { projectId, id: alert.id }, data });
    resolved.push({ ...alert, ...data });
  }
  await scheduleDeliveries(options, { alerts: resolved, event: 'RESOLVED', named });
}

/** Omits absent JSON from `data`: Prisma takes null for the null of JSON. */
function dataOf({ rule, metadata, ...draft }: AlertDraft) {
  return {
    ...draft,
    ...(metadata != null && { metadata }),
    ...(rule !== undefined && { ...rule, labels: rule.labels }),
  };
}

/**
 * Assigns the project's next `count` positions and returns the last. No other transaction can
 * assign one until the commit.
 */
async function nextPosition({ transaction, projectId }: AlertChange, count = 1): Promise<number> {
  const { last } = await transaction.alertCounter.upsert({
    where: { projectId },
    create: { projectId, last: count },
    update: { last: { increment: count } },
  });
  return last;
}
