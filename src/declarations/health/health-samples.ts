import { enumeration, float, integer, json } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';
import { HEALTH_STATUSES } from './health-status.ts';

/** How services say they do (source 4, `system_health`). */
export const healthSamples = defineDataset({
  name: 'healthSamples',
  entity: 'HealthSample',
  table: 'health_samples',
  description:
    'How a service or a machine did at one instant, as it says itself: its status and what it uses.',
  columns: {
    overallStatus: enumeration('HealthStatus', HEALTH_STATUSES, {
      role: 'dimension',
      description: 'Its own verdict.',
    }),
    apiLatencyMs: float({
      role: 'measure',
      optional: true,
      quantiles: true,
      description: 'How long it takes to answer, in milliseconds.',
    }),
    websocketConnections: integer({
      role: 'measure',
      optional: true,
      description: 'Open WebSocket connections.',
    }),
    fileWatchEvents: integer({
      role: 'measure',
      optional: true,
      description: 'File changes that it saw since its last sample.',
    }),
    errorCount: integer({
      role: 'measure',
      default: 0,
      description: 'Errors since its last sample. Default: 0.',
    }),
    cpuUsage: float({
      role: 'measure',
      optional: true,
      quantiles: true,
      max: 100,
      description:
        'Processor time in percent of what there is: of all processors of the machine, or of the limit of the container. `collect system` records it so.',
    }),
    memoryUsage: float({
      role: 'measure',
      optional: true,
      quantiles: true,
      max: 100,
      description: 'Memory in percent of what there is: of the machine, or of the limit of the container.',
    }),
    diskUsage: float({
      role: 'measure',
      optional: true,
      max: 100,
      description: 'The fullest disk, in percent.',
    }),
    details: json({ optional: true, description: 'More about its parts, as a JSON object.' }),
  },
  rollups: [
    { dimensions: [] },
    { dimensions: ['service', 'environment'] },
    { dimensions: ['overallStatus', 'service', 'environment'], grains: ['HOUR', 'DAY'] },
  ],
  retention: { rows: 7, HOUR: 30 },
});
