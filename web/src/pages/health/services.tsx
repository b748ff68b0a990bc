import { formatValue } from '../../format/value.ts';
import type { HealthNowQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { HEALTH_TONES } from '../shared/tones.ts';

type Service = HealthNowQuery['health']['services'][number];

/** Samples have percent of what is available. */
const percent = (value: number | null) => formatValue(value === null ? null : value / 100, 'ratio');

const right = (
  key: string,
  title: string,
  cell: (service: Service) => string,
  hideBelow?: 'narrow' | 'medium',
): Column<Service> => ({ key, title, cell, align: 'right', ...(hideBelow && { hideBelow }) });

/** What each service says of itself, what its requests say, and what follows. */
export function ServiceTable({ services }: { services: readonly Service[] }) {
  return (
    <DataTable
      caption="Services"
      rows={services}
      keyOf={({ service, environment }) => `${service} ${environment}`}
      hrefOf={({ service }) => (service === null ? undefined : linkTo('/services/one', { service }))}
      columns={[
        {
          key: 'service',
          title: 'Service',
          cell: ({ service, environment }) => (
            <>
              {service ?? 'unnamed'} <span class="muted">{environment}</span>
            </>
          ),
        },
        {
          key: 'status',
          title: 'Status',
          cell: ({ status, reasons }) => (
            <Badge tone={HEALTH_TONES[status]} title={reasons.join('\n')}>
              {status.toLowerCase()}
            </Badge>
          ),
          width: '100px',
        },
        {
          key: 'reasons',
          title: 'Why',
          value: ({ reasons }) => reasons.join(' '),
          hideBelow: 'narrow',
          width: '18%',
        },
        right('failed', 'Failed', ({ errorRate }) => formatValue(errorRate, 'ratio')),
        right('latency', 'Latency', ({ apiLatencyMs }) => formatValue(apiLatencyMs, 'ms'), 'narrow'),
        right('cpu', 'Processor', ({ cpuUsage }) => percent(cpuUsage), 'narrow'),
        right('memory', 'Memory', ({ memoryUsage }) => percent(memoryUsage), 'narrow'),
        right('disk', 'Disk', ({ diskUsage }) => percent(diskUsage), 'medium'),
        {
          key: 'sample',
          title: 'Sample',
          cell: ({ sampledAt, stale }) => (
            <span class={stale ? 'muted' : undefined} title={stale ? 'Too old to count' : undefined}>
              <Time at={sampledAt} zone={zone.value} />
            </span>
          ),
          hideBelow: 'medium',
        },
      ]}
    />
  );
}
