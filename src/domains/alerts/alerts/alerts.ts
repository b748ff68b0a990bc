import type { Parts } from '../../../graphql/dataset/parts.ts';
import { addAcknowledgeAlert } from './acknowledge.ts';
import { addAlertCounts } from './counts.ts';
import { addAlertLive } from './live.ts';
import { addAlert } from './node.ts';
import { addRaiseAlert } from './raise.ts';
import { addResolveAlert } from './resolve.ts';

/** Adds what alerts have beside their list. */
export function addAlerts(parts: Parts): void {
  addAlert(parts);
  addAlertCounts(parts);
  addRaiseAlert(parts);
  addAcknowledgeAlert(parts);
  addResolveAlert(parts);
  addAlertLive(parts);
}
