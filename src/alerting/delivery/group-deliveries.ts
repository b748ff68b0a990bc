import { defined } from '../../core/defined.ts';
import { durationMs } from '../../core/time/duration.ts';
import { byEvent } from '../book/event-order.ts';
import type { Addressed } from './limits.ts';

/** A delivery that may begin. */
export interface Due extends Addressed {
  readonly id: string;
  readonly alertId: string;
  readonly messageId: string;
  readonly event: string;
  readonly scheduledAt: Date;
  readonly createdAt: Date;
}

/** The deliveries of one call: one, or several if the webhook groups them. */
export interface Batch extends Addressed {
  readonly deliveries: readonly Due[];
  /** The earliest `scheduledAt`, in epoch milliseconds. */
  readonly dueSince: number;
}

/** In milliseconds; 0 if the webhook does not group. */
export const groupWaitMs = (groupWait: string | null): number =>
  groupWait === null ? 0 : (durationMs(groupWait) ?? 0);

/**
 * Puts deliveries into one batch if at least one of them is due. Each test is its own batch. A
 * delivery that waits for the end of quiet hours keeps its time, and so do the later deliveries of
 * its alert.
 *
 * @param waitMs how long the webhook waits for a group; 0 if each delivery is its own batch
 */
export function groupDeliveries(due: readonly Due[], waitMs: number, now: number): readonly Batch[] {
  if (waitMs === 0) return due.map((one) => batchOf([one]));
  const tests = due.filter(({ event }) => event === 'TEST').map((one) => batchOf([one]));
  const kept = new Set<string>();
  const together: Due[] = [];
  for (const one of due.filter(({ event }) => event !== 'TEST').toSorted(byEvent)) {
    const waited = one.scheduledAt.getTime() - one.createdAt.getTime();
    const may = one.scheduledAt.getTime() <= now || waited <= waitMs;
    if (may && !kept.has(one.alertId)) together.push(one);
    else kept.add(one.alertId);
  }
  const isDue = together.some(({ scheduledAt }) => scheduledAt.getTime() <= now);
  return isDue ? [...tests, batchOf(together)] : tests;
}

function batchOf(deliveries: readonly Due[]): Batch {
  const { projectId, webhookId } = defined(deliveries[0]);
  const dueSince = Math.min(...deliveries.map(({ scheduledAt }) => scheduledAt.getTime()));
  return { projectId, webhookId, deliveries, dueSince };
}
