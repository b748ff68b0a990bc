import { TelltaleError } from '../core/errors.ts';
import type { Interval } from '../core/time/range.ts';
import type { Store } from '../storage/store.ts';
import { correctPortion, type PortionOptions } from './correct-portion.ts';
import type { CorrectionKey } from './correction-job.ts';
import type { HeldPrices } from './held-prices.ts';

export type { CorrectionKey };

/** Which calls get the costs that the prices say now. */
export interface CorrectionRequest {
  readonly projectId: string;
  readonly range: Interval;
  readonly provider: string | null;
  readonly model: string | null;
  /** True: nothing is changed, only counted. */
  readonly dryRun: boolean;
  readonly reason: string | null;
  /** The id of an API key; null: a server that asks for no key. */
  readonly requestedBy: string | null;
}

/** Computes the costs of stored calls anew. */
export interface Corrections {
  /**
   * Stores that a correction is to be made. `work` makes it.
   *
   * @returns its id
   * @throws TelltaleError CONFLICT while another one of the project is under way
   */
  begin(request: CorrectionRequest): Promise<string>;
  /**
   * Works on a correction until it is done, in portions. Each is a transaction, after which another
   * instance may go on as well as this one.
   *
   * @param shouldContinue is asked before each portion
   */
  work(key: CorrectionKey, shouldContinue: () => boolean | Promise<boolean>): Promise<void>;
  /** Ends a correction that an error keeps from going on. The next one of the project makes up its totals. */
  fail(key: CorrectionKey, error: unknown): Promise<void>;
  /** Those that are under way, of all projects. */
  underWay(): Promise<readonly CorrectionKey[]>;
}

export interface CorrectionsOptions extends PortionOptions {
  readonly store: PortionOptions['store'] & Pick<Store, 'transact'>;
  readonly held: Pick<HeldPrices, 'refresh'>;
}

export function createCorrections(options: CorrectionsOptions): Corrections {
  const { store, clock, held } = options;

  return {
    begin: (request) => beginCorrection(options, request),
    async work(key, shouldContinue) {
      // Another instance may have set the prices.
      await held.refresh();
      while ((await shouldContinue()) && (await correctPortion(options, key)));
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

/** What those who ask for corrections may know of an error. */
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
        // A day whose calls one that FAILED has changed, and its totals not.
        changedDay: behind?.changedDay ?? null,
        ...{ rangeFrom: new Date(range.from), rangeTo: new Date(range.to), status: 'RUNNING' },
        ...{ calls: 0, changedCalls: 0, costBeforeNanoUsd: 0, costAfterNanoUsd: 0 },
        ...{ unknownBefore: 0, unknownAfter: 0, createdAt: time, updatedAt: time },
      },
    });
  });
  return id;
}
