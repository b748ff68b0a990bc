import './overview.css';
import { PageHead } from '../../parts/page-head.tsx';
import { Activity } from './activity.tsx';
import { HealthAndAlerts } from './health-and-alerts.tsx';
import { Spenders } from './spenders.tsx';
import { Totals } from './totals.tsx';

/** What is going on, compared with the range before. */
export function Page() {
  return (
    <>
      <PageHead title="Overview" subtitle="What is going on, compared with the same length of time before" />
      <Totals />
      <div class="overview-columns">
        <Activity />
        <aside aria-label="Spending, alerts and health">
          <HealthAndAlerts />
          <Spenders />
        </aside>
      </div>
    </>
  );
}
