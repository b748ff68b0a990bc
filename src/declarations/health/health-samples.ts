import { enumeration, float, integer, json } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';
import { HEALTH_STATUSES } from './health-status.ts';

/** The health that services report (source 4, `system_health`). */
export const healthSamples = defineDataset({
  name: 'healthSamples',
  entity: 'HealthSample',
  table: 'health_samples',
  undivided: true,
  description:
    'The state that a service or a machine reported at one instant: its status and its resource use.',
  columns: {
    overallStatus: enumeration('HealthStatus', HEALTH_STATUSES, {
      role: 'dimension',
      description: 'The status that the service reports about itself.',
    }),
    apiLatencyMs: float({
      role: 'measure',
      optional: true,
      quantiles: true,
      description: 'Response time in milliseconds.',
    }),
    websocketConnections: integer({
      role: 'measure',
      optional: true,
      description: 'Open WebSocket connections.',
    }),
    fileWatchEvents: integer({
      role: 'measure',
      optional: true,
      description: 'File changes that the service saw since its last sample.',
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
        'Processor time in percent of what is available: all processors of the machine, or the ' +
        'limit of the container, as `collect system` records it.',
    }),
    memoryUsage: float({
      role: 'measure',
      optional: true,
      quantiles: true,
      max: 100,
      description: 'Memory in percent of what is available: the machine, or the limit of the container.',
    }),
    diskUsage: float({
      role: 'measure',
      optional: true,
      max: 100,
      description: 'The fullest disk, in percent.',
    }),
    details: json({
      optional: true,
      description: 'Details about the parts of the service, as a JSON object.',
    }),
  },
  rollups: [
    { dimensions: [] },
    { dimensions: ['service', 'environment'] },
    { dimensions: ['overallStatus', 'service', 'environment'], grains: ['HOUR', 'DAY'] },
  ],
  retention: { rows: 7, HOUR: 30 },
});
