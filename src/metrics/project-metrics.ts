import { Counter, Gauge, Registry } from 'prom-client';
import type { Analytics } from '../analytics/analytics.ts';
import type { Clock } from '../core/clock.ts';
import { DAY_MS } from '../core/time/units.ts';
import { ALERT_SEVERITIES } from '../declarations/alerts/alert-enums.ts';
import { alerts } from '../declarations/alerts/alerts.ts';
import type { Store } from '../storage/store.ts';
import { createDayGrowth } from './day-growth.ts';
import { createFewSeries } from './few-series.ts';
import { type Counted, PROJECT_QUESTIONS, type ProjectQuestion } from './project-questions.ts';
import { readDay } from './read-day.ts';

export interface ProjectMetricsOptions {
  readonly projectId: string;
  readonly analytics: Pick<Analytics, 'groups' | 'totals'>;
  readonly store: Pick<Store, 'query'>;
  readonly clock: Clock;
}

/** What the services of one project do, according to its events. */
export interface ProjectMetrics {
  readonly registry: Registry;
  /**
   * Reads what was added since the last call. @throws the error of the database; nothing is lost
   * then
   */
  refresh(): Promise<void>;
}

/** How many groups of a question have their own series. */
const MAX_SERIES = 100;
/** Yesterday and today in UTC. Late events of earlier days are not counted. */
const DAYS = 2;

export function createProjectMetrics(options: ProjectMetricsOptions): ProjectMetrics {
  const { projectId, store } = options;
  const registry = new Registry();
  registry.setDefaultLabels({ project: projectId });
  const open = new Gauge({
    registers: [registry],
    name: 'telltale_alerts_open',
    help: 'Alerts that are not resolved, by severity.',
    labelNames: ['severity'],
  });
  const followed = PROJECT_QUESTIONS.map((question) => follow(question, registry, options));

  async function countAlerts(): Promise<void> {
    const found = await store.query
      .selectFrom(alerts.table)
      .select(({ fn }) => ['severity', fn.countAll<number>().as('count')])
      .where('project_id', '=', projectId)
      .where('status', 'in', ['OPEN', 'ACKNOWLEDGED'])
      .groupBy('severity')
      .execute();
    const counts = new Map(found.map(({ severity, count }) => [severity, Number(count)]));
    for (const severity of Object.keys(ALERT_SEVERITIES)) open.set({ severity }, counts.get(severity) ?? 0);
  }

  return {
    registry,
    async refresh() {
      for (const refresh of followed) await refresh();
      await countAlerts();
    },
  };
}

/**
 * Adds the counters of a question.
 *
 * @returns a function that updates them
 */
function follow(question: ProjectQuestion, registry: Registry, options: ProjectMetricsOptions) {
  const { analytics, clock, projectId } = options;
  const growth = createDayGrowth(clock.now());
  const shownAs = createFewSeries(MAX_SERIES);
  const counters = new Map<string, Counter>();
  for (const { name, help, own } of question.counters) {
    const labelNames = [...question.dimensions, ...Object.keys(own ?? {})];
    if (!counters.has(name))
      counters.set(name, new Counter({ registers: [registry], name, help, labelNames }));
  }

  function add({ name, own }: Counted, labels: readonly string[], amount: number): void {
    const named = question.dimensions.map((dimension, at) => [dimension, labels[at] ?? '']);
    counters.get(name)?.inc({ ...Object.fromEntries(named), ...own }, amount);
  }

  return async () => {
    const today = Math.floor(clock.now() / DAY_MS) * DAY_MS;
    for (let day = today - (DAYS - 1) * DAY_MS; day <= today; day += DAY_MS) {
      const found = await readDay(analytics, question, { projectId, day });
      for (const { labels, totals } of growth.note(day, found)) {
        const shown = shownAs(labels);
        question.counters.forEach((counter, at) => void add(counter, shown, totals[at] ?? 0));
      }
    }
    growth.forgetBefore(today - (DAYS - 1) * DAY_MS);
  };
}
