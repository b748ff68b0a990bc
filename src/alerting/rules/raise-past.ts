import type { IdSource } from '../../core/ids.ts';
import type { Interval } from '../../core/time/range.ts';
import type { AlertBook } from '../book/alert-book.ts';
import { describeAlert } from './describe-alert.ts';
import type { PreviewedAlert, PreviewRule } from './preview.ts';
import type { Rule } from './rule.ts';

export interface PastServices {
  readonly alertBook: Pick<AlertBook, 'change'>;
  readonly previewRule: PreviewRule;
  readonly ids: IdSource;
}

export interface PastOptions {
  readonly range: Interval;
  /**
   * Who acknowledged an alert, and how many milliseconds after it was raised; null if nobody did.
   */
  readonly takenBy: (severity: string) => { readonly name: string; readonly afterMs: number } | null;
}

/** An alert that the rule would have raised, and that is over. */
interface PastAlert {
  readonly rule: Rule;
  readonly alert: PreviewedAlert & { readonly resolvedAt: number };
}

/**
 * Stores, as history, the alerts that rules would have raised over a past range and that are over:
 * raised, acknowledged and resolved, in that order, at the times when that would have happened. The
 * live evaluator raises those that would still be open. Returns the number of stored alerts.
 */
export async function raisePast(
  services: PastServices,
  rules: readonly Rule[],
  { range, takenBy }: PastOptions,
): Promise<number> {
  const found: PastAlert[] = [];
  for (const rule of rules) {
    const { alerts } = await services.previewRule(rule, range);
    for (const alert of alerts)
      if (alert.resolvedAt !== null) found.push({ rule, alert: { ...alert, resolvedAt: alert.resolvedAt } });
  }
  found.sort(({ alert: one }, { alert: other }) => one.firedAt - other.firedAt);
  for (const past of found) await raiseOne(services, past, takenBy);
  return found.length;
}

async function raiseOne(
  { alertBook, ids }: PastServices,
  { rule, alert }: PastAlert,
  takenBy: PastOptions['takenBy'],
): Promise<void> {
  const source = `rule:${rule.ruleId}`;
  const alertId = `${source}:${ids.next()}`;
  const described = describeAlert(rule, { ...alert, found: true }, alert);
  const raisedAt = new Date(alert.firedAt);
  const taken = takenBy(alert.severity);
  await alertBook.change(
    rule.projectId,
    async (writer) => {
      await writer.raise({ ...described, alertId, source, raisedAt });
    },
    alert.firedAt,
  );
  if (taken !== null && alert.firedAt + taken.afterMs < alert.resolvedAt) {
    const at = alert.firedAt + taken.afterMs;
    await alertBook.change(rule.projectId, (writer) => writer.acknowledge(alertId, taken.name), at);
  }
  const resolution = alert.resolution ?? 'RECOVERED';
  await alertBook.change(
    rule.projectId,
    (writer) => writer.resolve(alertId, resolution, null),
    alert.resolvedAt,
  );
}
