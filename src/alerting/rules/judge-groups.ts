import { derivedId, type IdSource } from '../../core/ids.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { Store } from '../../storage/store.ts';
import type { AlertDraft, AlertResolution } from '../book/alert.ts';
import type { AlertBook } from '../book/alert-book.ts';
import type { AlertWriter } from '../book/alert-writer.ts';
import type { GoesOn } from '../lease/leased-work.ts';
import { decideGroup, type GroupDecision, type GroupPolicy, type Look } from './decide-group.ts';
import {
  groupId,
  readStates,
  type StatesOwner,
  type StoredState,
  type StoredStates,
  writeStates,
} from './group-states.ts';
import { type Action, type GroupState, type Observation, type Raising, WELL } from './transition.ts';

/** An alert without what identifies it. */
export type UnnamedAlert = Omit<AlertDraft, 'alertId' | 'source' | 'raisedAt'>;

/** Whoever has alerts by group: a rule, or the health of a project. */
export interface Judged extends StatesOwner {
  readonly policy: GroupPolicy;
  /** Of its alerts, and the beginning of their ids. */
  readonly source: string;
  /** Whether it still is what was looked at. Asked in the transaction that changes its alerts: until the commit the answer holds. */
  isCurrent(transaction: PrismaTransaction): Promise<boolean>;
  /** What the alert says. `before`: the state of the group before it. */
  describe(look: Look, raised: Raising, before: GroupState): UnnamedAlert;
}

export interface JudgeServices {
  readonly store: Pick<Store, 'prisma'>;
  readonly alertBook: AlertBook;
  readonly ids: IdSource;
}

/** Ingest waits for a transaction on SQLite: many groups that fire together take several. */
const GROUPS_PER_TRANSACTION = 10;

/**
 * Raises, replaces, ends and reminds of the alerts of groups by what a look at them found. Where nothing changes nothing is written.
 * Each change is decided again in the transaction that makes it, by what is stored then: whoever else has changed it meanwhile (by
 * hand, another instance) is not overruled, and nothing is done twice. Answers whether all was done: false as soon as it is not to go on.
 *
 * @param states what was stored of the groups before the look.
 */
export async function judgeGroups(
  services: JudgeServices,
  judged: Judged,
  states: StoredStates,
  looks: readonly Look[],
  now: number,
  goesOn: GoesOn,
): Promise<boolean> {
  const { store, alertBook } = services;
  const decide = await decider(store.prisma, judged, states, now);
  const changing = looks.filter((look) => decide(look).changes);
  for (let at = 0; at < changing.length; at += GROUPS_PER_TRANSACTION) {
    if (!(await goesOn())) return false;
    const portion = changing.slice(at, at + GROUPS_PER_TRANSACTION);
    await alertBook.change(judged.projectId, (writer, transaction) =>
      applyLooks({ ...services, judged, writer, transaction, now }, portion),
    );
  }
  return true;
}

interface Change extends JudgeServices {
  readonly judged: Judged;
  readonly writer: AlertWriter;
  readonly transaction: PrismaTransaction;
  readonly now: number;
}

async function applyLooks(change: Change, looks: readonly Look[]): Promise<void> {
  const { judged, transaction, now } = change;
  if (!(await judged.isCurrent(transaction))) return;
  const ids = looks.map(({ labels }) => groupId(judged, labels));
  const present = await readStates(transaction, judged, ids);
  const decide = await decider(transaction, judged, present, now);
  const written = new Map<string, StoredState | null>();
  for (const [index, look] of looks.entries()) {
    const id = ids[index] as string;
    const decision = decide(look);
    if (!decision.changes) continue;
    const alertId = await act(change, look, decision, present.get(id));
    written.set(id, decision.state && { labels: look.labels, state: decision.state, alertId });
  }
  if (written.size > 0) await writeStates(transaction, judged, written);
}

/** Decides by stored states and by how far their alerts have come. */
async function decider(
  prisma: Pick<PrismaTransaction, 'alert'>,
  judged: Judged,
  states: StoredStates,
  now: number,
): Promise<(look: Look) => GroupDecision> {
  const alertIds = [...states.values()].flatMap(({ alertId }) => (alertId === null ? [] : [alertId]));
  const statuses = await readStatuses(prisma, judged.projectId, alertIds);
  return (look) => {
    const stored = states.get(groupId(judged, look.labels));
    return decideGroup(
      judged.policy,
      stored?.state ?? null,
      look,
      statuses.get(stored?.alertId ?? '') ?? null,
      now,
    );
  };
}

/** Both databases take so many parameters in one statement, with room to spare. */
const ALERTS_PER_STATEMENT = 5_000;

async function readStatuses(
  prisma: Pick<PrismaTransaction, 'alert'>,
  projectId: string,
  alertIds: readonly string[],
): Promise<ReadonlyMap<string, NonNullable<Observation['alertStatus']>>> {
  const statuses = new Map<string, NonNullable<Observation['alertStatus']>>();
  for (let at = 0; at < alertIds.length; at += ALERTS_PER_STATEMENT) {
    const portion = alertIds.slice(at, at + ALERTS_PER_STATEMENT);
    const id = { in: portion.map((alertId) => derivedId(projectId, 'alerts', alertId)) };
    const alerts = await prisma.alert.findMany({
      where: { projectId, id },
      select: { alertId: true, status: true },
    });
    for (const alert of alerts) statuses.set(alert.alertId, alert.status as 'OPEN');
  }
  return statuses;
}

/** How what is done ends the alert that fires. */
const RESOLUTIONS: Readonly<Partial<Record<Action['kind'], AlertResolution>>> = {
  RESOLVE: 'RECOVERED',
  ESCALATE: 'ESCALATED',
  EASE: 'RECOVERED',
};

/** Does what was decided; answers the id of the alert that fires afterwards. */
async function act(
  { ids, judged, writer, now }: Change,
  look: Look,
  { action, state }: GroupDecision,
  stored: StoredState | undefined,
): Promise<string | null> {
  const present = stored?.alertId ?? null;
  if (action.kind === 'REMIND') {
    const alert = present === null ? null : await writer.find(present);
    if (alert !== null) await writer.remind(alert);
    return present;
  }
  const resolution = RESOLUTIONS[action.kind];
  if (present !== null && resolution !== undefined) await writer.resolve(present, resolution, null);
  // An alert that was resolved by hand fires no more once its group is well.
  if (!('severity' in action)) return state?.firing == null ? null : present;
  const alertId = `${judged.source}:${ids.next()}`;
  const alert = judged.describe(look, action, stored?.state ?? WELL);
  await writer.raise({ ...alert, alertId, source: judged.source, raisedAt: new Date(now) });
  return alertId;
}
