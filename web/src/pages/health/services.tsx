import { formatValue } from '../../format/value.ts';
import type { HealthNowQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { cellColumn, textColumn } from '../shared/columns.tsx';
import { HEALTH_TONES } from '../shared/tones.ts';

type Service = HealthNowQuery['health']['services'][number];

/** Samples contain percentages of what is available. */
const percent = (value: number | null) => formatValue(value === null ? null : value / 100, 'ratio', 'column');

/** The reasons. The row names the service, so they need not. */
function whyOf({ service, environment, reasons }: Service): string {
  const name = environment === null ? service : `${service} (${environment})`;
  return reasons.map((reason) => reason.replaceAll(` of ${name}`, '')).join(' ');
}

/** What each service reports about itself, what its requests show, and the conclusion. */
export const SERVICES: readonly Column<Service>[] = [
  cellColumn(
    'service',
    'Service',
    ({ service, environment }) => (
      <>
        {service ?? 'unnamed'} <span class="muted">{environment}</span>
      </>
    ),
    { wrap: true },
  ),
  cellColumn(
    'status',
    'Status',
    ({ status, reasons }) => (
      <Badge tone={HEALTH_TONES[status]} title={reasons.join('\n')}>
        {status.toLowerCase()}
      </Badge>
    ),
    { width: '100px' },
  ),
  textColumn('reasons', 'Why', whyOf, {
    hideBelow: 'medium',
    width: '32%',
    wrap: true,
  }),
  cellColumn('failed', 'Failed', ({ errorRate }) => formatValue(errorRate, 'ratio', 'column'), {
    align: 'right',
  }),
  cellColumn('latency', 'Latency', ({ apiLatencyMs }) => formatValue(apiLatencyMs, 'ms', 'column'), {
    align: 'right',
    hideBelow: 'narrow',
  }),
  cellColumn('cpu', 'Processor', ({ cpuUsage }) => percent(cpuUsage), {
    align: 'right',
    hideBelow: 'narrow',
  }),
  cellColumn('memory', 'Memory', ({ memoryUsage }) => percent(memoryUsage), {
    align: 'right',
    hideBelow: 'narrow',
  }),
  cellColumn('disk', 'Disk', ({ diskUsage }) => percent(diskUsage), { align: 'right', hideBelow: 'medium' }),
  cellColumn(
    'sample',
    'Sample',
    ({ sampledAt, stale }) => (
      <span class={stale ? 'muted' : undefined} title={stale ? 'Too old to count' : undefined}>
        <Time at={sampledAt} zone={zone.value} />
      </span>
    ),
    { hideBelow: 'medium' },
  ),
];
