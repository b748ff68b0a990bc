import { healthSamples } from '../../../declarations/health/health-samples.ts';
import { requestLogs } from '../../../declarations/traffic/request-logs.ts';
import { createProjectWatch, type WatchProject } from '../../../graphql/live/watch-project.ts';
import { type Health, readHealth } from '../../../health/read-health.ts';

/**
 * Watches the health of projects: the present state at once, then each change of the status. It
 * changes without requests and samples too, because the window slides and services go silent.
 */
export function createHealthWatch(): WatchProject<Health> {
  return createProjectWatch<Health>({
    name: 'health',
    datasets: [requestLogs, healthSamples],
    read: readHealth,
    changed: (before, now) => before.status !== now.status,
  });
}
