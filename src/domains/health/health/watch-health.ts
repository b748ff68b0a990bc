import { createProjectWatch, type WatchProject } from '../../../graphql/watch-project.ts';
import { requestLogs } from '../../traffic/request-logs/definition.ts';
import { healthSamples } from '../health-samples/definition.ts';
import { type Health, readHealth } from './read-health.ts';

/**
 * Watches the health of projects: the present state at once, then each change of the status. It changes without requests and samples
 * too, because the window slides and services go silent.
 */
export function createHealthWatch(): WatchProject<Health> {
  return createProjectWatch<Health>({
    name: 'health',
    datasets: [requestLogs, healthSamples],
    read: readHealth,
    changed: (before, now) => before.status !== now.status,
  });
}
