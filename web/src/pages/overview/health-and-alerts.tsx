import { graphql } from '../../data/graphql.ts';
import { useLive } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import { Badge } from '../../parts/badge.tsx';
import { Time } from '../../parts/time.tsx';
import type { Tone } from '../../parts/tone.ts';
import { linkTo } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

const StateQuery = graphql(`
  query OverviewState {
    alerts(first: 6, filter: { status: { ne: RESOLVED } }) {
      totalCount
      nodes { id alertId title severity status raisedAt }
    }
    health {
      status
      reasons
      services { service environment status reasons }
    }
  }
`);

const AlertChanges = graphql(`
  subscription OverviewAlertChanged {
    alertChanged { id }
  }
`);

const SEVERITIES: Readonly<Record<string, Tone>> = { CRITICAL: 'bad', WARNING: 'warn', INFO: 'info' };
const STATUSES: Readonly<Record<string, Tone>> = { HEALTHY: 'good', DEGRADED: 'warn', UNHEALTHY: 'bad' };

/** Alerts that are not resolved, and the health with its reasons. */
export function HealthAndAlerts() {
  const query = useQuery(StateQuery, () => ({}), { everyMs: 15_000 });
  useLive(AlertChanges, () => ({}), { onEvent: query.refresh, onResumed: query.refresh });
  const shared = { query, document: StateQuery, variables: {} };
  return (
    <>
      <QueryPanel
        {...shared}
        title="Open alerts"
        isEmpty={({ alerts }) => alerts.nodes.length === 0}
        empty={{ text: 'No alert is open.' }}
        footer={<a href={linkTo('/alerts')}>All alerts</a>}
      >
        {({ alerts }) => (
          <ul class="overview-list">
            {alerts.nodes.map(({ id, alertId, title, severity, raisedAt }) => (
              <li key={id}>
                <Badge tone={SEVERITIES[severity] ?? 'neutral'}>{severity.toLowerCase()}</Badge>
                <a href={linkTo('/alerts', { alert: alertId })}>{title}</a>
                <Time at={Date.parse(raisedAt)} zone={zone.value} />
              </li>
            ))}
          </ul>
        )}
      </QueryPanel>
      <QueryPanel {...shared} title="Health" footer={<a href={linkTo('/health')}>Health of services</a>}>
        {({ health }) => (
          <>
            <p class="overview-health">
              <Badge tone={STATUSES[health.status] ?? 'neutral'}>{health.status.toLowerCase()}</Badge>
            </p>
            <ul class="overview-list overview-reasons">
              {health.reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </>
        )}
      </QueryPanel>
    </>
  );
}
