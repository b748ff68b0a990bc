import type { Clock } from '../../core/clock.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { HealthStatus } from '../../core/health-status.ts';
import type { Live } from '../../live/live.ts';
import type { Schedule } from '../../runtime/schedule.ts';
import type { Store } from '../../storage/store.ts';
import { createLeasedWork, type GoesOn, type LeasedWork, type WorkLog } from '../lease/leased-work.ts';
import type { GroupPolicy } from '../rules/decide-group.ts';
import { readStates } from '../rules/group-states.ts';
import { type Judged, type JudgeServices, judgeGroups } from '../rules/judge-groups.ts';
import { createNews } from '../rules/news.ts';
import { isDue, type Pace } from '../rules/pace.ts';
import type { Firing } from '../rules/transition.ts';

/** How a project does, and why, the worst first. */
export interface HealthVerdict {
  readonly status: HealthStatus;
  readonly reasons: readonly string[];
}

export interface HealthAlertsOptions extends JudgeServices {
  readonly store: Pick<Store, 'prisma' | 'transact'>;
  readonly live: Pick<Live, 'subscribe'>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: WorkLog;
  readonly projects: readonly string[];
  /** Whose new events may change how a project does. */
  readonly datasets: readonly Dataset[];
  /** How long a project must have been healthy before its alert is over. */
  readonly recoverMs: number;
  readHealth(projectId: string): Promise<HealthVerdict>;
}

const TURN_MS = 1_000;
const PACE: Pace = { afterEventsMs: 1_000, idleMs: 5_000 };

/** From the best to the worst: the number that is judged is the place. */
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
 * Raises an alert when the health of a project gets worse, and ends it when it has got better, whether or not anybody watches; while the
 * project is not healthy, the open alert says how it is. Judged as the numbers of rules are; of several instances one does it for all.
 */
export function createHealthAlerts(options: HealthAlertsOptions): LeasedWork {
  const { store, live, clock, projects, datasets, readHealth } = options;
  const news = createNews(live);
  const looked = new Map<string, { readonly at: number; readonly news: number }>();

  /** Notes that it is looked at now, when that is due. */
  function begins(projectId: string, now: number): boolean {
    const count = datasets.reduce((sum, dataset) => sum + news.count(projectId, dataset), 0);
    const last = looked.get(projectId);
    const progress = { evaluatedAt: last?.at ?? null, hasNews: count !== last?.news };
    if (!isDue(PACE, progress, now)) return false;
    looked.set(projectId, { at: now, news: count });
    return true;
  }

  async function look(projectId: string, now: number, goesOn: GoesOn): Promise<void> {
    const verdict = await readHealth(projectId);
    const judged = toJudged(projectId, options.recoverMs, verdict);
    const states = await readStates(store.prisma, judged);
    const found = { labels: {}, value: STATUSES.indexOf(verdict.status), found: true };
    const isDone = await judgeGroups(options, judged, states, [found], now, goesOn);
    if (!isDone) looked.delete(projectId);
  }

  return createLeasedWork({
    ...options,
    name: 'health-alerts',
    everyMs: TURN_MS,
    async turn(goesOn) {
      news.follow(datasets);
      for (const projectId of projects) {
        if (!(await goesOn())) return;
        const now = clock.now();
        if (begins(projectId, now)) await look(projectId, now, goesOn);
      }
    },
    rest() {
      news.stop();
      looked.clear();
    },
  });
}

function toJudged(projectId: string, recoverMs: number, { reasons }: HealthVerdict): Judged {
  return {
    projectId,
    // No rule has this id: see `createAlertRule`.
    ruleId: 'health',
    policy: { ...POLICY, recoverMs },
    source: 'health',
    isCurrent: () => Promise.resolve(true),
    describe(_look, { severity }, before) {
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

/** There may be a reason for each of a thousand services; the worst come first. */
const MAX_REASONS = 20;

function messageOf(reasons: readonly string[]): string {
  const more = reasons.length - MAX_REASONS;
  return [...reasons.slice(0, MAX_REASONS), ...(more > 0 ? [`And ${more} more.`] : [])].join('\n');
}
