import { graphql } from '../../data/graphql.ts';
import { useLiveRefresh } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import { Badge } from '../../parts/badge.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { HEALTH_TONES, SEVERITY_TONES } from '../shared/tones.ts';

const StateQuery = graphql(`
  query OverviewState {
    alerts(first: 4, filter: { status: { ne: RESOLVED } }) {
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

/** How many reasons are shown here. The health page shows all. */
const REASONS = 2;

/** Unresolved alerts, and the health with its reasons. */
export function HealthAndAlerts() {
  const query = useQuery(StateQuery, () => ({}), { everyMs: 15_000 });
  useLiveRefresh(query, AlertChanges, () => ({}));
  return (
    <>
      <QueryPanel
        query={query}
        title="Open alerts"
        isEmpty={({ alerts }) => alerts.nodes.length === 0}
        empty={{ title: 'No open alerts', text: 'Rules and the health of services raise them.' }}
        footer={<a href={linkTo('/alerts')}>All alerts</a>}
      >
        {({ alerts }) => (
          <ul class="overview-list">
            {alerts.nodes.map(({ id, alertId, title, severity, raisedAt }) => (
              <li key={id}>
                <Badge tone={SEVERITY_TONES[severity] ?? 'neutral'}>{severity.toLowerCase()}</Badge>
                <a href={linkTo('/alerts', { alert: alertId })}>{title}</a>
                <Time at={Date.parse(raisedAt)} zone={zone.value} />
              </li>
            ))}
          </ul>
        )}
      </QueryPanel>
      <QueryPanel query={query} title="Health" footer={<a href={linkTo('/health')}>Health of services</a>}>
        {({ health }) => (
          <>
            <p class="overview-health">
              <Badge tone={HEALTH_TONES[health.status] ?? 'neutral'}>{health.status.toLowerCase()}</Badge>
            </p>
            <ul class="overview-list overview-reasons">
              {health.reasons.slice(0, REASONS).map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
            {health.reasons.length > REASONS && (
              <p class="muted">and {health.reasons.length - REASONS} more</p>
            )}
          </>
        )}
      </QueryPanel>
    </>
  );
}
