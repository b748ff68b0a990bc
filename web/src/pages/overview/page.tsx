import './overview.css';
import { PageHead } from '../../parts/page-head.tsx';
import { Activity } from './activity.tsx';
import { HealthAndAlerts } from './health-and-alerts.tsx';
import { Spenders } from './spenders.tsx';
import { Totals } from './totals.tsx';

/** The current activity, compared with the previous range. */
export function Page() {
  return (
    <>
      <PageHead title="Overview" subtitle="Current activity, compared with the previous range" />
      <Totals />
      <div class="overview-columns">
        <aside aria-label="Alerts, health and spending">
          <HealthAndAlerts />
          <Spenders />
        </aside>
        <Activity />
      </div>
    </>
  );
}
