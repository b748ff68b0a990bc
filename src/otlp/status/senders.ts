import { IGNORED_REASONS, type IgnoredReason } from '../mapping/reasons.ts';
import type { Signal } from '../protocol/telemetry.ts';
import type { Outcome } from './counts.ts';
import type { SenderStatus } from './status.ts';

/** A row of the table. */
export interface StoredCount {
  readonly sender: string;
  readonly signal: string;
  readonly outcome: string;
  readonly kind: string;
  readonly count: bigint;
  readonly detail: string | null;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** The counts by sender and signal, the most recent senders first. */
export function sendersOf(counts: readonly StoredCount[]): SenderStatus[] {
  const groups = new Map<string, [StoredCount, ...StoredCount[]]>();
  for (const count of counts) {
    const key = `${count.signal} ${count.sender}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [count]);
    else group.push(count);
  }
  return [...groups.values()]
    .map(statusOf)
    .sort((one, other) => other.lastAt.getTime() - one.lastAt.getTime());
}

function statusOf(counts: readonly [StoredCount, ...StoredCount[]]): SenderStatus {
  const [first] = counts;
  const of = (outcome: Outcome) => counts.filter((count) => count.outcome === outcome);
  const total = (outcome: Outcome) => of(outcome).reduce((sum, { count }) => sum + Number(count), 0);
  const errors = [...of('REJECTED'), ...of('FAILED')];
  const [lastError] = errors.toSorted((one, other) => other.lastAt.getTime() - one.lastAt.getTime());
  const times = counts.map(({ lastAt }) => lastAt.getTime());
  return {
    sender: first.sender === '' ? null : first.sender,
    signal: first.signal as Signal,
    firstAt: new Date(Math.min(...counts.map(({ firstAt }) => firstAt.getTime()))),
    lastAt: new Date(Math.max(...times)),
    received: total('RECEIVED'),
    became: of('STORED').map(({ kind, count, lastAt }) => ({ dataset: kind, events: Number(count), lastAt })),
    // Reasons from a later version are not shown.
    ignored: of('IGNORED').flatMap(({ kind, count, detail, lastAt }) =>
      isReason(kind) ? [{ reason: kind, items: Number(count), example: detail, lastAt }] : [],
    ),
    rejected: total('REJECTED'),
    failedRequests: total('FAILED'),
    lastError: lastError?.detail ?? null,
    lastErrorAt: lastError?.lastAt ?? null,
  };
}

const isReason = (kind: string): kind is IgnoredReason => Object.hasOwn(IGNORED_REASONS, kind);
