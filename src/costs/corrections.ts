import { TelltaleError } from '../core/errors.ts';
import type { Interval } from '../core/time/range.ts';
import type { Store } from '../storage/store.ts';
import { type CorrectionOptions, correctBatch } from './correct-batch.ts';
import type { CorrectionKey } from './correction-job.ts';
import type { HeldPrices } from './held-prices.ts';

export type { CorrectionKey };

/** Which calls get new costs at current prices. */
export interface CorrectionRequest {
  readonly projectId: string;
  readonly range: Interval;
  readonly provider: string | null;
  readonly model: string | null;
  /** If true, changes are only counted, not made. */
  readonly dryRun: boolean;
  readonly reason: string | null;
  /** The id of an API key; null on a server that requires no key. */
  readonly requestedBy: string | null;
}

/** Recomputes the costs of stored calls. */
export interface Corrections {
  /**
   * Stores a request for a correction, which `work` carries out.
   *
   * @returns its id
   * @throws TelltaleError CONFLICT while another correction of the project is running
   */
  begin(request: CorrectionRequest): Promise<string>;
  /**
   * Works on a correction in batches until it is done. Each batch is a transaction, after which
   * this or another instance may continue.
   *
   * @param shouldContinue is called before each batch
   */
  work(key: CorrectionKey, shouldContinue: () => boolean | Promise<boolean>): Promise<void>;
  /**
   * Ends a correction that cannot continue because of an error. The next one of the project makes
   * up for its totals.
   */
  fail(key: CorrectionKey, error: unknown): Promise<void>;
  /** The running corrections of all projects. */
  underWay(): Promise<readonly CorrectionKey[]>;
}

export interface CorrectionsOptions extends CorrectionOptions {
  readonly store: CorrectionOptions['store'] & Pick<Store, 'transact'>;
  readonly held: Pick<HeldPrices, 'refresh'>;
}

export function createCorrections(options: CorrectionsOptions): Corrections {
  const { store, clock, held } = options;

  return {
    begin: (request) => beginCorrection(options, request),
    async work(key, shouldContinue) {
      // Another instance may have set the prices.
      await held.refresh();
      while ((await shouldContinue()) && (await correctBatch(options, key)));
    },
    async fail({ projectId, id }, error) {
      const time = new Date(clock.now());
      await store.prisma.costCorrection.updateMany({
        where: { projectId, id, status: 'RUNNING' },
        data: { status: 'FAILED', problem: problemOf(error, id), endedAt: time, updatedAt: time },
      });
    },
    underWay: () =>
      store.prisma.costCorrection.findMany({
        where: { status: 'RUNNING' },
        select: { projectId: true, id: true },
        orderBy: { createdAt: 'asc' },
      }),
  };
}

/** What callers may learn about an error. */
const problemOf = (error: unknown, id: string): string =>
  error instanceof TelltaleError
    ? error.message
    : `An unexpected error. The server log has it with the id ${id}.`;

async function beginCorrection(
  { store, clock, ids }: CorrectionsOptions,
  { projectId, range, ...asked }: CorrectionRequest,
): Promise<string> {
  const time = new Date(clock.now());
  const id = ids.next();
  await store.transact(`corrections ${projectId}`, async (prisma) => {
    const other = await prisma.costCorrection.findFirst({ where: { projectId, status: 'RUNNING' } });
    if (other !== null) {
      throw new TelltaleError(
        'CONFLICT',
        'The costs of the project are already being recomputed, since ' +
          `${other.createdAt.toISOString()}. Wait until \`costCorrections\` shows that run as DONE.`,
        { correction: other.id },
      );
    }
    const failed = { projectId, changedDay: { not: null } };
    const behind = await prisma.costCorrection.findFirst({ where: failed });
    await prisma.costCorrection.updateMany({ where: failed, data: { changedDay: null } });
    await prisma.costCorrection.create({
      data: {
        ...{ projectId, id, ...asked },
        // A day for which a FAILED correction has changed the calls but not the totals.
        changedDay: behind?.changedDay ?? null,
        ...{ rangeFrom: new Date(range.from), rangeTo: new Date(range.to), status: 'RUNNING' },
        ...{ calls: 0, changedCalls: 0, costBeforeNanoUsd: 0, costAfterNanoUsd: 0 },
        ...{ unknownBefore: 0, unknownAfter: 0, createdAt: time, updatedAt: time },
      },
    });
  });
  return id;
}
