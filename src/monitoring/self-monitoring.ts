import type { Analytics } from '../analytics/analytics.ts';
import type { Clock } from '../core/clock.ts';
import { TelltaleError } from '../core/errors.ts';
import type { IdSource } from '../core/ids.ts';
import { DAY_MS } from '../core/time/units.ts';
import { healthSamples } from '../declarations/health/health-samples.ts';
import { OWN_SERVICE } from '../declarations/health/own-service.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { OwnFacts } from './own-facts.ts';
import { OWN_RULES, type RuleInput } from './own-rules.ts';
import { type OwnThresholds, ownSample } from './own-sample.ts';

export interface SelfMonitoringOptions {
  readonly projectId: string;
  /** The name of this server among several. */
  readonly instance: string;
  readonly thresholds: OwnThresholds;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly ingest: Pick<Ingest, 'record'>;
  readonly analytics: Pick<Analytics, 'totals'>;
  /** The existing projects. */
  readonly projects: () => Iterable<string>;
  readonly readFacts: () => Promise<OwnFacts>;
  /** @throws TelltaleError CONFLICT if a rule with this id exists. */
  readonly createRule: (projectId: string, rule: RuleInput) => Promise<unknown>;
}

/** Records the health of the server itself. */
export interface SelfMonitoring {
  /**
   * Takes a sample and records it, together with earlier ones that could not be recorded. The first
   * sample that a project ever gets also creates the rules, so deleted rules do not come back.
   *
   * @throws the error of the database. The sample is then kept for later.
   */
  run(): Promise<void>;
}

/**
 * A server that has just started loads and compiles, so its measurements say nothing yet. This also
 * means that a brief trial of the server records no samples.
 */
const SETTLED_AFTER_SECONDS = 60;
/** An hour of samples that the database did not accept. */
const MAX_WAITING = 60;

export function createSelfMonitoring(options: SelfMonitoringOptions): SelfMonitoring {
  const { projectId, instance, thresholds, clock, ids, ingest, projects } = options;
  let waiting: ReturnType<typeof ownSample>[] = [];
  let hasRules = false;

  async function takeSample(facts: OwnFacts): Promise<void> {
    const sample = ownSample(facts, thresholds, { id: ids.next(), time: clock.now(), instance });
    waiting = [...waiting, sample].slice(-MAX_WAITING);
  }

  async function makeRules(): Promise<void> {
    if (await hasSamples(options)) return;
    for (const rule of OWN_RULES) {
      await options.createRule(projectId, rule).catch((error: unknown) => {
        // Another instance was faster, or a user's rule has this id.
        if (!(error instanceof TelltaleError && error.code === 'CONFLICT')) throw error;
      });
    }
  }

  return {
    async run() {
      const facts = await options.readFacts();
      // The project may have been deleted since the start.
      if (facts.uptimeSeconds < SETTLED_AFTER_SECONDS || ![...projects()].includes(projectId)) return;
      await takeSample(facts);
      if (!hasRules) await makeRules();
      hasRules = true;
      const { rejected } = await ingest.record(projectId, [{ dataset: healthSamples, events: waiting }]);
      waiting = [];
      if (rejected.length > 0)
        throw new Error(`The server's own samples are not valid: ${JSON.stringify(rejected)}`);
    },
  };
}

/** Whether the project ever got a sample of a server itself. Its totals outlive the rows. */
async function hasSamples({ analytics, clock, projectId }: SelfMonitoringOptions): Promise<boolean> {
  const range = { from: 0, to: clock.now() + DAY_MS };
  const filter = {
    kind: 'test',
    field: 'service',
    operator: 'eq',
    value: OWN_SERVICE,
    negated: false,
  } as const;
  const { value } = await analytics.totals({ dataset: healthSamples, projectId, range, filter }, []);
  return value.rowCount > 0;
}
