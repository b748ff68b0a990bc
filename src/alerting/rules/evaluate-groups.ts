import { setImmediate as nextTurn } from 'node:timers/promises';
import { batchesOf } from '../../core/batches.ts';
import { defined } from '../../core/defined.ts';
import { derivedId, type IdSource } from '../../core/ids.ts';
import { ALERT_STATUSES } from '../../declarations/alerts/alert-enums.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { Store } from '../../storage/store.ts';
import { nameIn } from '../../storage/stored-values.ts';
import type { AlertDraft, AlertResolution } from '../book/alert.ts';
import type { AlertBook } from '../book/alert-book.ts';
import type { AlertWriter } from '../book/alert-writer.ts';
import type { ShouldContinue } from '../lease/leased-work.ts';
import { decideGroup, type GroupDecision, type GroupPolicy, type Measurement } from './decide-group.ts';
import {
  groupId,
  readStates,
  type StatesOwner,
  type StoredState,
  type StoredStates,
  writeStates,
} from './group-states.ts';
import { type Action, type GroupState, type Observation, type Raising, WELL } from './transition.ts';

/** An alert without its id, its source and its time. */
export type UnnamedAlert = Omit<AlertDraft, 'alertId' | 'source' | 'raisedAt'>;

/** An owner of alerts by group: a rule, or the health of a project. */
export interface AlertOwner extends StatesOwner {
  readonly policy: GroupPolicy;
  /** The source of its alerts, and the prefix of their ids. */
  readonly source: string;
  /**
   * Whether the owner is unchanged since it was measured. Called in the transaction that changes
   * its alerts, so the answer holds until the commit.
   */
  isCurrent(transaction: PrismaTransaction): Promise<boolean>;
  /** Describes an alert. `before`: the previous state of the group. */
  describe(measurement: Measurement, raised: Raising, before: GroupState): UnnamedAlert;
}

export interface GroupServices {
  readonly store: Pick<Store, 'prisma'>;
  readonly alertBook: AlertBook;
  readonly ids: IdSource;
}

export interface GroupEvaluation {
  readonly owner: AlertOwner;
  /** The stored states of the groups before the measurement. */
  readonly states: StoredStates;
  readonly measurements: readonly Measurement[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly shouldContinue: ShouldContinue;
}

/** Decisions per turn of the event loop, which takes some two milliseconds. */
const GROUPS_PER_TURN = 250;
/** On SQLite, ingest waits for a transaction. So many groups that fire together take several. */
const GROUPS_PER_TRANSACTION = 10;

/**
 * Raises, replaces and resolves the alerts of groups, and sends reminders, according to the
 * measurements. Writes nothing if nothing changes. Decides each change again in the transaction
 * that makes it, from what is stored then. So it never overrules a person or another instance, and
 * does nothing twice. Returns whether everything is done: false as soon as `shouldContinue` returns
 * false.
 */
export async function evaluateGroups(
  services: GroupServices,
  { owner, states, measurements, now, shouldContinue }: GroupEvaluation,
): Promise<boolean> {
  const { store, alertBook } = services;
  const decide = await decider(store.prisma, { owner, states, now });
  const changing: Measurement[] = [];
  for (const batch of batchesOf(measurements, GROUPS_PER_TURN)) {
    changing.push(...batch.filter((measurement) => decide(measurement).changes));
    await nextTurn();
  }
  for (const batch of batchesOf(changing, GROUPS_PER_TRANSACTION)) {
    if (!(await shouldContinue())) return false;
    await alertBook.change(owner.projectId, (writer, transaction) =>
      applyMeasurements({ ...services, owner, writer, transaction, now }, batch),
    );
  }
  return true;
}

interface Change extends GroupServices {
  readonly owner: AlertOwner;
  readonly writer: AlertWriter;
  readonly transaction: PrismaTransaction;
  readonly now: number;
}

async function applyMeasurements(change: Change, measurements: readonly Measurement[]): Promise<void> {
  const { owner, transaction, now } = change;
  if (!(await owner.isCurrent(transaction))) return;
  const ids = measurements.map(({ labels }) => groupId(owner, labels));
  const present = await readStates(transaction, owner, ids);
  const decide = await decider(transaction, { owner, states: present, now });
  const written = new Map<string, StoredState | null>();
  for (const [index, measurement] of measurements.entries()) {
    const id = defined(ids[index]);
    const decision = decide(measurement);
    if (!decision.changes) continue;
    const alertId = await act(change, { measurement, decision, stored: present.get(id) });
    written.set(id, decision.state && { labels: measurement.labels, state: decision.state, alertId });
  }
  if (written.size > 0) await writeStates(transaction, owner, written);
}

/** Decides from the stored states and the statuses of their alerts. */
async function decider(
  prisma: Pick<PrismaTransaction, 'alert'>,
  { owner, states, now }: Pick<GroupEvaluation, 'owner' | 'states' | 'now'>,
): Promise<(measurement: Measurement) => GroupDecision> {
  const alertIds = [...states.values()].flatMap(({ alertId }) => (alertId === null ? [] : [alertId]));
  const statuses = await readStatuses(prisma, owner.projectId, alertIds);
  return (measurement) => {
    const stored = states.get(groupId(owner, measurement.labels));
    const alertStatus = statuses.get(stored?.alertId ?? '') ?? null;
    return decideGroup(owner.policy, { before: stored?.state ?? null, measurement, alertStatus, now });
  };
}

/** Prisma blocks the event loop for some milliseconds for this many. */
const ALERTS_PER_STATEMENT = 250;

async function readStatuses(
  prisma: Pick<PrismaTransaction, 'alert'>,
  projectId: string,
  alertIds: readonly string[],
): Promise<ReadonlyMap<string, NonNullable<Observation['alertStatus']>>> {
  const statuses = new Map<string, NonNullable<Observation['alertStatus']>>();
  for (const batch of batchesOf(alertIds, ALERTS_PER_STATEMENT)) {
    const id = { in: batch.map((alertId) => derivedId(projectId, 'alerts', alertId)) };
    const alerts = await prisma.alert.findMany({
      where: { projectId, id },
      select: { alertId: true, status: true },
    });
    for (const alert of alerts) statuses.set(alert.alertId, nameIn(ALERT_STATUSES, alert.status));
  }
  return statuses;
}

/** How an action resolves the alert that fires. */
const RESOLUTIONS: Readonly<Partial<Record<Action['kind'], AlertResolution>>> = {
  RESOLVE: 'RECOVERED',
  ESCALATE: 'ESCALATED',
  EASE: 'RECOVERED',
};

interface DecidedGroup {
  readonly measurement: Measurement;
  readonly decision: GroupDecision;
  readonly stored: StoredState | undefined;
}

/** Carries out a decision. Returns the id of the alert that fires afterwards; null if none does. */
async function act(
  { ids, owner, writer, now }: Change,
  { measurement, decision: { action, state }, stored }: DecidedGroup,
): Promise<string | null> {
  const present = stored?.alertId ?? null;
  if (action.kind === 'REMIND') {
    const alert = present === null ? null : await writer.find(present);
    if (alert !== null) await writer.remind(alert);
    return present;
  }
  const resolution = RESOLUTIONS[action.kind];
  if (present !== null && resolution !== undefined) await writer.resolve(present, resolution, null);
  // An alert that a person resolved stops firing once its group is well.
  if (!('severity' in action)) return state?.firing == null ? null : present;
  const alertId = `${owner.source}:${ids.next()}`;
  const alert = owner.describe(measurement, action, stored?.state ?? WELL);
  await writer.raise({ ...alert, alertId, source: owner.source, raisedAt: new Date(now) });
  return alertId;
}
