import type { CoordinationStatus } from '../coordination/coordination.ts';
import type { HealthScope } from './health-services.ts';

/**
 * The status of the folder in which the agents of the project coordinate; null if the server
 * follows none for it.
 */
export function readCoordination({ projectId, services }: HealthScope): CoordinationStatus | null {
  const { coordination } = services;
  return coordination?.projectId === projectId ? coordination.status() : null;
}
