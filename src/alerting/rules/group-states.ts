import type { DimensionValues } from '../../analytics/spec.ts';
import { batchesOf } from '../../core/batches.ts';
import { derivedId } from '../../core/ids.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import { nameIn } from '../../storage/stored-values.ts';
import type { Firing, GroupState } from './transition.ts';

/**
 * The values of the dimensions that identify a group, by name. Empty if there is only one group.
 */
export type Labels = DimensionValues;

/**
 * What the groups belong to: a rule, or the health of a project, which uses a reserved `ruleId`.
 */
export interface StatesOwner {
  readonly projectId: string;
  readonly ruleId: string;
}

/** The stored state of a group. */
export interface StoredState {
  readonly labels: Labels;
  readonly state: GroupState;
  /** The alert that fires; null if none does. */
  readonly alertId: string | null;
}

/** Stored states by `groupId`. */
export type StoredStates = ReadonlyMap<string, StoredState>;

/**
 * The id under which the state of a group is stored. The names are sorted, because JSON columns
 * keep no order.
 */
export function groupId({ projectId, ruleId }: StatesOwner, labels: Labels): string {
  const values = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1));
  return derivedId(projectId, 'alertStates', JSON.stringify([ruleId, values]));
}

/** Prisma blocks the event loop for some milliseconds for this many. */
const STATES_PER_STATEMENT = 250;

/** @param ids the groups to read; default: all that are stored */
export async function readStates(
  prisma: Pick<PrismaTransaction, 'alertState'>,
  owner: StatesOwner,
  ids?: readonly string[],
): Promise<StoredStates> {
  const { projectId, ruleId } = owner;
  const states = new Map<string, StoredState>();
  for (const batch of batchesOf(ids ?? (await readIds(prisma, owner)), STATES_PER_STATEMENT)) {
    const rows = await prisma.alertState.findMany({ where: { projectId, ruleId, id: { in: [...batch] } } });
    for (const row of rows) states.set(row.id, toStored(row));
  }
  return states;
}

/**
 * Reads the ids first: the index finds the states of an owner, but in an order that cannot be
 * paged.
 */
async function readIds(
  prisma: Pick<PrismaTransaction, 'alertState'>,
  { projectId, ruleId }: StatesOwner,
): Promise<readonly string[]> {
  const rows = await prisma.alertState.findMany({ where: { projectId, ruleId }, select: { id: true } });
  return rows.map(({ id }) => id);
}

type StateRow = Awaited<ReturnType<PrismaTransaction['alertState']['findMany']>>[number];

const toStored = (row: StateRow): StoredState => ({
  labels: row.labels as Labels,
  state: {
    warningSince: row.warningSince?.getTime() ?? null,
    criticalSince: row.criticalSince?.getTime() ?? null,
    absentSince: row.absentSince?.getTime() ?? null,
    wellSince: row.wellSince?.getTime() ?? null,
    firing: toFiring(row),
  },
  alertId: row.alertId,
});

interface FiringColumns {
  readonly severity: string | null;
  readonly firedAt: Date | null;
  readonly notifiedAt: Date | null;
}

const BAD: Readonly<Record<Firing['severity'], true>> = { WARNING: true, CRITICAL: true };

/** All three are set, or none is. */
function toFiring({ severity, firedAt, notifiedAt }: FiringColumns): Firing | null {
  if (severity === null || firedAt === null || notifiedAt === null) return null;
  return {
    severity: nameIn(BAD, severity),
    firedAt: firedAt.getTime(),
    notifiedAt: notifiedAt.getTime(),
  };
}

/** Replaces the stored states of these groups, by id. Null deletes a state. */
export async function writeStates(
  prisma: Pick<PrismaTransaction, 'alertState'>,
  owner: StatesOwner,
  states: ReadonlyMap<string, StoredState | null>,
): Promise<void> {
  const { projectId, ruleId } = owner;
  await prisma.alertState.deleteMany({ where: { projectId, ruleId, id: { in: [...states.keys()] } } });
  const data = [...states].flatMap(([id, stored]) =>
    stored === null ? [] : [{ projectId, ruleId, id, ...toColumns(stored) }],
  );
  if (data.length > 0) await prisma.alertState.createMany({ data });
}

function toColumns({ labels, alertId, state: { firing, ...since } }: StoredState) {
  return {
    labels,
    warningSince: toDate(since.warningSince),
    criticalSince: toDate(since.criticalSince),
    absentSince: toDate(since.absentSince),
    wellSince: toDate(since.wellSince),
    alertId,
    severity: firing?.severity ?? null,
    firedAt: toDate(firing?.firedAt ?? null),
    notifiedAt: toDate(firing?.notifiedAt ?? null),
  };
}

const toDate = (instant: number | null): Date | null => (instant === null ? null : new Date(instant));
