import type { CoordinationStatus } from '../coordination/coordination.ts';
import type { HealthScope } from './health-services.ts';

/**
 * How the folder does in which the project's agents coordinate; null when none is followed for it.
 */
export function readCoordination({ projectId, services }: HealthScope): CoordinationStatus | null {
  const { coordination } = services;
  return coordination?.projectId === projectId ? coordination.status() : null;
}
