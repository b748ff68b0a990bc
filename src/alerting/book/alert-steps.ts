import { TelltaleError } from '../../core/errors.ts';
import type { StoredAlert } from './alert.ts';

type Step = 'acknowledge' | 'resolve';

/**
 * The states from which an alert may take a step: OPEN → ACKNOWLEDGED → RESOLVED, and OPEN →
 * RESOLVED.
 */
const ALLOWED: Readonly<Record<Step, readonly string[]>> = {
  acknowledge: ['OPEN'],
  resolve: ['OPEN', 'ACKNOWLEDGED'],
};

/** @throws TelltaleError CONFLICT, with the current status, if the alert cannot take the step. */
export function assertStep(step: Step, alert: StoredAlert): void {
  if (ALLOWED[step].includes(alert.status)) return;
  throw new TelltaleError('CONFLICT', `The alert "${alert.alertId}" cannot be ${step}d: ${describe(alert)}`, {
    argument: 'input.alertId',
    status: alert.status,
  });
}

function describe(alert: StoredAlert): string {
  if (alert.status === 'ACKNOWLEDGED')
    return `it was acknowledged${by(alert.acknowledgedBy)}${at(alert.acknowledgedAt)}.`;
  return `it was resolved${by(alert.resolvedBy)}${at(alert.resolvedAt)}, and a resolved alert does not change.`;
}

const by = (who: string | null): string => (who === null ? '' : ` by ${who}`);
const at = (when: Date | null): string => (when === null ? '' : ` at ${when.toISOString()}`);
