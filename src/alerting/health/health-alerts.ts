import type { Clock } from '../../core/clock.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { HealthStatus } from '../../core/health-status.ts';
import { createEventCounter } from '../../live/event-counter.ts';
import type { Live } from '../../live/live.ts';
import type { Schedule } from '../../runtime/schedule.ts';
import type { Store } from '../../storage/store.ts';
import {
  createLeasedWork,
  type LeasedWork,
  type ShouldContinue,
  type WorkLog,
} from '../lease/leased-work.ts';
import type { GroupPolicy } from '../rules/decide-group.ts';
import { type AlertOwner, evaluateGroups, type GroupServices } from '../rules/evaluate-groups.ts';
import { readStates } from '../rules/group-states.ts';
import { isDue, type Pace } from '../rules/pace.ts';
import type { Firing } from '../rules/transition.ts';

/** The health of a project, and the reasons for it, the worst first. */
export interface HealthVerdict {
  readonly status: HealthStatus;
  readonly reasons: readonly string[];
}

export interface HealthAlertsOptions extends GroupServices {
  readonly store: Pick<Store, 'prisma' | 'transact' | 'dialect'>;
  readonly live: Pick<Live, 'subscribe'>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: WorkLog;
  /** The projects that exist at the moment. */
  readonly projects: () => Iterable<string>;
  /** Datasets whose new events may change the health of a project. */
  readonly datasets: readonly Dataset[];
  /** How long a project must be healthy before its alert is resolved. */
  readonly recoverMs: number;
  readHealth(projectId: string): Promise<HealthVerdict>;
}

const TURN_MS = 1_000;
const PACE: Pace = { afterEventsMs: 1_000, idleMs: 5_000 };

/** From the best to the worst: the policy assesses the position of a status in this list. */
const STATUSES: readonly HealthStatus[] = ['HEALTHY', 'DEGRADED', 'UNHEALTHY'];
const MEANINGS: Readonly<Record<Firing['severity'], HealthStatus>> = {
  WARNING: 'DEGRADED',
  CRITICAL: 'UNHEALTHY',
};
const POLICY: Omit<GroupPolicy, 'recoverMs'> = {
  comparator: 'GTE',
  warning: STATUSES.indexOf('DEGRADED'),
  critical: STATUSES.indexOf('UNHEALTHY'),
  forMs: 0,
  absent: 'OK',
  renotifyMs: null,
  eases: true,
  remembersWell: false,
  forgetsAfterMs: null,
};

/**
 * Raises an alert when the health of a project gets worse, and resolves it when the project has
 * recovered, whether or not anybody watches. While the project is not healthy, the open alert shows
 * its current status. The status is assessed like the number of a rule. If several instances run,
 * one of them does this for all.
 */
export function createHealthAlerts(options: HealthAlertsOptions): LeasedWork {
  const { store, live, clock, projects, datasets, readHealth } = options;
  const eventCounter = createEventCounter(live);
  const evaluated = new Map<string, { readonly at: number; readonly eventCounter: number }>();

  /** Whether the project is due. If so, records that it is evaluated now. */
  function begins(projectId: string, now: number): boolean {
    const count = datasets.reduce((sum, dataset) => sum + eventCounter.count(projectId, dataset), 0);
    const last = evaluated.get(projectId);
    const progress = { evaluatedAt: last?.at ?? null, hasNewEvents: count !== last?.eventCounter };
    if (!isDue(PACE, progress, now)) return false;
    evaluated.set(projectId, { at: now, eventCounter: count });
    return true;
  }

  async function evaluate(projectId: string, now: number, shouldContinue: ShouldContinue): Promise<void> {
    const verdict = await readHealth(projectId);
    const owner = toOwner(projectId, options.recoverMs, verdict);
    const states = await readStates(store.prisma, owner);
    const measurements = [{ labels: {}, value: STATUSES.indexOf(verdict.status), found: true }];
    const isDone = await evaluateGroups(options, { owner, states, measurements, now, shouldContinue });
    if (!isDone) evaluated.delete(projectId);
  }

  return createLeasedWork({
    ...options,
    name: 'health-alerts',
    everyMs: TURN_MS,
    async turn(shouldContinue) {
      eventCounter.follow(datasets);
      const failures: unknown[] = [];
      for (const projectId of [...projects()]) {
        if (!(await shouldContinue())) return;
        const now = clock.now();
        // A project that fails does not prevent the turns of the others.
        if (begins(projectId, now))
          await evaluate(projectId, now, shouldContinue).catch((error) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
    rest() {
      eventCounter.stop();
      evaluated.clear();
    },
  });
}

function toOwner(projectId: string, recoverMs: number, { reasons }: HealthVerdict): AlertOwner {
  return {
    projectId,
    // No rule has this id: see `createAlertRule`.
    ruleId: 'health',
    policy: { ...POLICY, recoverMs },
    source: 'health',
    isCurrent: () => Promise.resolve(true),
    describe(_measurement, { severity }, before) {
      const to = MEANINGS[severity];
      const from = before.firing === null ? 'HEALTHY' : MEANINGS[before.firing.severity];
      return {
        type: 'SYSTEM',
        severity,
        title: `Health is ${to}`,
        message: messageOf(reasons),
        metadata: { from, to, reasons: reasons.slice(0, MAX_REASONS) },
      };
    },
  };
}

/** A thousand services may each have a reason. The worst come first. */
const MAX_REASONS = 20;

function messageOf(reasons: readonly string[]): string {
  const more = reasons.length - MAX_REASONS;
  return [...reasons.slice(0, MAX_REASONS), ...(more > 0 ? [`And ${more} more.`] : [])].join('\n');
}
