import { healthSamples } from '../../../declarations/health/health-samples.ts';
import { requestLogs } from '../../../declarations/traffic/request-logs.ts';
import { createProjectWatch, type WatchProject } from '../../../graphql/live/watch-project.ts';
import { type Health, readHealth } from '../../../health/read-health.ts';

/**
 * Watches the health of projects: delivers the current state at once, then each change of the
 * status. The status can change without requests and samples, because the window slides and
 * services fall silent.
 */
export function createHealthWatch(): WatchProject<Health> {
  return createProjectWatch<Health>({
    name: 'health',
    datasets: [requestLogs, healthSamples],
    read: readHealth,
    changed: (before, now) => before.status !== now.status,
  });
}
