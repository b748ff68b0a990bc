import { graphql } from '../../data/graphql.ts';
import { useLiveRefresh } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import type { HealthNowQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Stat } from '../../parts/stat.tsx';
import { Time } from '../../parts/time.tsx';
import { now, zone } from '../../state/view.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { HEALTH_TONES } from '../shared/tones.ts';
import './health.css';
import { linkTo } from '../../state/location.ts';
import { TablePanel } from '../shared/table-panel.tsx';
import { History } from './history.tsx';
import { SERVICES } from './services.tsx';
import { Slos } from './slos.tsx';

const HealthNow = graphql(`
  query HealthNow {
    health {
      status reasons checkedAt requests errorRate errorCount
      resources { uptimeSeconds memoryBytes eventLoopDelayMs ingestQueueUse }
      coordination { watching since problems { file message since } }
      services {
        service environment status reasons stale sampledAt requests errorRate errorCount apiLatencyMs
        cpuUsage memoryUsage diskUsage websocketConnections
      }
    }
  }
`);

const HealthChanges = graphql(`
  subscription HealthChanges {
    healthChanged { checkedAt }
  }
`);

type Health = HealthNowQuery['health'];

/** The health of the server and the services: now, why, and over time. */
export function Page() {
  const query = useQuery(HealthNow, () => ({}), { everyMs: 15_000 });
  useLiveRefresh(query, HealthChanges, () => ({}));
  return (
    <>
      <PageHead
        title="Health"
        subtitle="The newest samples and requests of each service, assessed by the server"
      />
      <QueryPanel query={query} title="Now">
        {({ health }) => <Verdict health={health} />}
      </QueryPanel>
      <TablePanel
        title="Services"
        query={query}
        empty={{ title: 'No services', text: 'No service has sent health samples or requests lately.' }}
        rowsOf={({ health }) => health.services}
        keyOf={({ service, environment }) => `${service} ${environment}`}
        hrefOf={({ service }) => (service === null ? undefined : linkTo('/services/one', { service }))}
        columns={SERVICES}
      />
      <Slos />
      <History />
    </>
  );
}

function Verdict({ health }: { health: Health }) {
  const { status, reasons, checkedAt, requests, errorRate, errorCount, resources, coordination } = health;
  const problems = coordination?.problems ?? [];
  return (
    <div class="health-verdict">
      <p>
        <Badge tone={HEALTH_TONES[status]} dot>
          {status.toLowerCase()}
        </Badge>{' '}
        <span class="muted">
          checked <Time at={checkedAt} zone={zone.value} now={Math.max(now.value, Date.parse(checkedAt))} />
        </span>
      </p>
      <ul class="health-reasons">
        {reasons.length === 0 && <li>Nothing is wrong.</li>}
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
        {problems.map(({ file, message }) => (
          <li key={file}>
            {file}: {message}
          </li>
        ))}
      </ul>
      <Grid min={124} gap="tight">
        <Stat title="Requests" value={requests} unit="count" hint="Of all services, in the last minutes" />
        <Stat title="Failed" value={errorRate} unit="ratio" />
        <Stat title="Errors" value={errorCount} unit="count" />
        <Stat title="Uptime" hint="Of Telltale" value={resources.uptimeSeconds} unit="seconds" />
        <Stat title="Memory" hint="Of Telltale" value={resources.memoryBytes} unit="bytes" />
        <Stat title="Event loop" hint="Delay, p99" value={resources.eventLoopDelayMs} unit="ms" />
        <Stat title="Write queue" value={resources.ingestQueueUse} unit="ratio" hint="Share in use" />
      </Grid>
    </div>
  );
}
