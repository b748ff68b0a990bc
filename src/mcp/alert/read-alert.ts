import { TelltaleError } from '../../core/errors.ts';
import { dataOf } from '../answers.ts';
import type { Asker } from '../asker.ts';

/** The parts of an alert's rule that the tool needs. */
export interface AlertRule {
  readonly ruleId: string;
  readonly name: string;
  readonly description: string | null;
  readonly dataset: string;
  readonly aggregate: string;
  readonly measure: string | null;
  readonly quantile: number | null;
  readonly filter: Readonly<Record<string, unknown>> | null;
  readonly groupBy: readonly string[];
  readonly window: string;
  readonly comparator: string;
  readonly warning: number | null;
  readonly critical: number | null;
  readonly enabled: boolean;
}

export interface Alert {
  readonly alertId: string;
  readonly type: string;
  readonly severity: string;
  readonly status: string;
  readonly title: string;
  readonly message: string | null;
  readonly source: string | null;
  readonly labels: Readonly<Record<string, unknown>> | null;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly raisedAt: string;
  readonly resolvedAt: string | null;
  readonly acknowledgedBy: string | null;
  readonly rule: AlertRule | null;
}

const ALERT = `alertId type severity status title message source labels value threshold raisedAt resolvedAt
  acknowledgedBy
  rule {
    ruleId name description dataset aggregate measure quantile filter groupBy window comparator warning
    critical enabled
  }`;

const LIST = 'alerts(first: 5) { nodes { alertId status title } }';
const BY_ID = `query ExplainAlert($alertId: String!) { alert(alertId: $alertId) { ${ALERT} } ${LIST} }`;
const NEWEST = `{
  alerts(first: 1, filter: { status: { in: [OPEN, ACKNOWLEDGED] } }) { nodes { ${ALERT} } }
}`;

/**
 * The alert with the id, or the newest unresolved one.
 *
 * @throws TelltaleError NOT_FOUND that names existing alerts
 */
export async function readAlert(asker: Asker, alertId: string | undefined): Promise<Alert> {
  if (alertId === undefined) {
    const { alerts } = await dataOf<{ alerts: { nodes: readonly Alert[] } }>(asker, { query: NEWEST });
    const [newest] = alerts.nodes;
    if (newest !== undefined) return newest;
    throw new TelltaleError(
      'NOT_FOUND',
      'No alert is open. Give the `alertId` of a resolved one: `{ alerts(first: 10) { nodes { alertId title } } }`.',
    );
  }
  const { alert, alerts } = await dataOf<{
    alert: Alert | null;
    alerts: { nodes: readonly Pick<Alert, 'alertId' | 'status' | 'title'>[] };
  }>(asker, { query: BY_ID, variables: { alertId } });
  if (alert !== null) return alert;
  const newest = alerts.nodes.map((one) => `${one.alertId} (${one.status}: ${one.title})`).join('; ');
  throw new TelltaleError(
    'NOT_FOUND',
    `There is no alert with the id "${alertId}". ${newest === '' ? 'There are no alerts.' : `The newest: ${newest}.`}`,
  );
}
