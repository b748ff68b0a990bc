import { batchesOf } from '../../core/batches.ts';
import type { Clock } from '../../core/clock.ts';
import { DAY_MS, HOUR_MS } from '../../core/time/units.ts';
import type { Store } from '../../storage/store.ts';
import { addCounts } from './add-counts.ts';
import { boundSenders } from './bound-senders.ts';
import { createPendingCounts, type Outcome } from './counts.ts';
import { sendersOf } from './senders.ts';
import type { NotedRequest, OtlpStatus } from './status.ts';

export interface OtlpStatusOptions {
  readonly store: Pick<Store, 'prisma' | 'query' | 'functions'>;
  readonly clock: Clock;
  readonly log: { error(details: object, message: string): void };
}

/** How much of its counts a killed process loses, and how late others see them. */
const SAVE_EVERY_MS = 10_000;
/** Senders that sent nothing for this long are no longer shown. */
const KEPT_MS = 30 * DAY_MS;
const ROWS_PER_STATEMENT = 500;
const MAX_SHOWN = 5_000;

/**
 * Counts in memory, and adds to the counts of the database periodically: instances share them, and
 * they outlast a restart, without a write per request.
 */
export function createOtlpStatus({ store, clock, log }: OtlpStatusOptions): OtlpStatus {
  const pending = createPendingCounts(() => clock.now());
  let cleanedAt = 0;
  let saving = Promise.resolve();

  const note = ({ projectId, signal }: NotedRequest, sender: string, outcome: Outcome, fields: NotedFields) =>
    pending.add({ projectId, signal, sender, outcome, kind: '', detail: null, ...fields });

  async function saveTaken(): Promise<void> {
    let counts = pending.take();
    let saved = 0;
    try {
      counts = await boundSenders(store, counts);
      for (const rows of batchesOf(counts, ROWS_PER_STATEMENT)) {
        await addCounts(store, rows);
        saved += rows.length;
      }
      await clean();
    } catch (err) {
      pending.giveBack(counts.slice(saved));
      log.error({ err }, 'OTLP telemetry could not be counted in the database');
    }
  }

  /**
   * One save after the other: a reader must not miss counts that another save has taken but not
   * stored yet.
   */
  function save(): Promise<void> {
    saving = saving.then(saveTaken);
    return saving;
  }

  async function clean(): Promise<void> {
    const now = clock.now();
    if (now - cleanedAt < HOUR_MS) return;
    cleanedAt = now;
    await store.prisma.otlpCount.deleteMany({ where: { lastAt: { lt: new Date(now - KEPT_MS) } } });
  }

  return {
    noteStored(request, rejections) {
      for (const batch of request.batches) {
        const { sender, items, became, ignored, rejected, problem } = batch;
        note(request, sender, 'RECEIVED', { count: items });
        for (const [kind, count] of became) note(request, sender, 'STORED', { kind, count });
        for (const [kind, { count, example }] of ignored)
          note(request, sender, 'IGNORED', { kind, count, detail: example });
        if (problem !== null) note(request, sender, 'REJECTED', { count: rejected, detail: problem });
        const invalid = rejections.get(batch);
        if (invalid !== undefined)
          note(request, sender, 'REJECTED', { count: invalid.items, detail: invalid.message });
      }
    },
    noteFailed(request, message) {
      const senders = new Set(request.batches.map(({ sender }) => sender));
      for (const sender of senders.size === 0 ? [''] : senders)
        note(request, sender, 'FAILED', { count: 1, detail: message });
    },
    async read(projectId) {
      await save();
      const counts = await store.prisma.otlpCount.findMany({
        where: { projectId },
        orderBy: { lastAt: 'desc' },
        take: MAX_SHOWN,
      });
      return sendersOf(counts);
    },
    run: (schedule) => schedule.repeat(SAVE_EVERY_MS, save),
    close: save,
  };
}

interface NotedFields {
  readonly count: number;
  readonly kind?: string;
  readonly detail?: string;
}
