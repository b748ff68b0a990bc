import { cutText } from '../../core/cut-text.ts';
import { maskSecrets } from '../../core/mask-secrets.ts';
import type { Signal } from '../protocol/telemetry.ts';

/** What can happen to the items that a sender sends. */
export type Outcome = 'RECEIVED' | 'STORED' | 'IGNORED' | 'REJECTED' | 'FAILED';

/** A count of one outcome. */
export interface OtlpCount {
  readonly projectId: string;
  readonly sender: string;
  readonly signal: Signal;
  readonly outcome: Outcome;
  /** The dataset or the reason; otherwise empty. */
  readonly kind: string;
  readonly count: number;
  readonly detail: string | null;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Counts that wait to be stored. Counts of the same outcome are added up. */
export interface PendingCounts {
  add(count: Omit<OtlpCount, 'firstAt' | 'lastAt'>): void;
  /** Removes and returns all of them. */
  take(): OtlpCount[];
  /** Returns counts that could not be stored. */
  giveBack(counts: readonly OtlpCount[]): void;
}

/** Names come from senders, so their number is bounded. Beyond it, they are counted together. */
const MAX_PENDING = 2_000;
/** Stands for senders that are not counted by name. */
export const OTHERS = '(other senders)';
const LONGEST_NAME = 200;
const LONGEST_DETAIL = 500;

export function createPendingCounts(now: () => number): PendingCounts {
  let pending = new Map<string, OtlpCount>();

  function merge(added: OtlpCount): void {
    const own = keyOf(added);
    const isFull = pending.size >= MAX_PENDING && !pending.has(own);
    const entry = isFull ? { ...added, sender: OTHERS } : added;
    const key = isFull ? keyOf(entry) : own;
    const known = pending.get(key);
    pending.set(key, known === undefined ? entry : addUp(known, entry));
  }

  return {
    add({ sender, detail, ...count }) {
      const at = now();
      merge({
        ...count,
        sender: stored(sender, LONGEST_NAME),
        detail: detail === null ? null : maskSecrets(stored(detail, LONGEST_DETAIL)),
        firstAt: at,
        lastAt: at,
      });
    },
    take() {
      const taken = [...pending.values()];
      pending = new Map();
      return taken;
    },
    giveBack(counts) {
      for (const count of counts) merge(count);
    },
  };
}

const keyOf = ({ projectId, sender, signal, outcome, kind }: OtlpCount): string =>
  JSON.stringify([projectId, sender, signal, outcome, kind]);

/** Returned counts are older. */
function addUp(one: OtlpCount, other: OtlpCount): OtlpCount {
  const newest = other.lastAt >= one.lastAt ? other : one;
  return {
    ...one,
    count: one.count + other.count,
    detail: newest.detail ?? one.detail ?? other.detail,
    firstAt: Math.min(one.firstAt, other.firstAt),
    lastAt: newest.lastAt,
  };
}

/** Makes a text storable in every database: without U+0000 and halves of surrogate pairs. */
const stored = (text: string, longest: number): string =>
  cutText(Buffer.from(text.replaceAll('\0', ' ')).toString(), longest);
