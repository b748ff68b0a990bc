import { healthSamples } from '../declarations/health/health-samples.ts';
import { OWN_SERVICE } from '../declarations/health/own-service.ts';
import { QUEUE_NEARLY_FULL } from './own-sample.ts';

/** An input of `createAlertRule`. */
export type RuleInput = Readonly<Record<string, unknown>> & { readonly ruleId: string };

type Thresholds = Readonly<Partial<Record<'warning' | 'critical', number>>>;

/** A test of an attribute in the form of a filter. */
type AttributeTest = Readonly<Record<string, unknown>> & { readonly path: string };

const OF_ITSELF = { service: { eq: OWN_SERVICE } };

/** How slow the event loop must be, in milliseconds, for clients to notice. */
const SLOW_LOOP_MS = 250;

/** A busy writer alone can delay the check by half a second; after two seconds it gives up. */
const SLOW_DATABASE_MS = { warning: 1000, critical: 1800 };

/**
 * The rules by which the server monitors itself. They are created once, and then belong to its
 * operators. docs/operations.md says for each what to do.
 */
export const OWN_RULES: readonly RuleInput[] = [
  {
    ...about('disk-full', 'The disk of Telltale is filling up'),
    description:
      'Events cannot be recorded on a full disk. Free space: shorten retention, remove old backups, or move ' +
      'the data to a larger disk.',
    ...highest('diskUsage', { warning: 85, critical: 95 }),
  },
  {
    ...about('memory', 'Telltale is short of memory'),
    description:
      'The system ends a process that exceeds its memory; no acknowledged event is lost then. Give ' +
      'it more memory, or lower COLUMN_STORE_MEMORY and REQUEST_BUDGET_BYTES.',
    ...highest('memoryUsage', { warning: 85, critical: 95 }),
    for: 'PT5M',
  },
  {
    ...about('slow-database', 'The database of Telltale answers slowly'),
    description:
      'A check that should take milliseconds takes long. Check the disk and the load of the database.',
    ...highest('apiLatencyMs', SLOW_DATABASE_MS),
    for: 'PT5M',
  },
  {
    ...about('not-recorded', 'Telltale could not record events'),
    description:
      'Calls that record events stored nothing (OVERLOADED): the queue was full, or the database failed. ' +
      'Clients that retry lose nothing. The log names the reason.',
    filter: OF_ITSELF,
    aggregate: 'SUM',
    measure: 'errorCount',
    comparator: 'GTE',
    warning: 1,
    critical: 100,
    window: 'PT5M',
  },
  {
    ...about('not-ready', 'Telltale was not ready'),
    description:
      'GET /readyz answered 503. The reason is in its answer, in the log, and in `details` of the sample.',
    ...several({ path: 'ready', eq: false }, { critical: 2 }),
  },
  {
    ...about('event-loop', 'Telltale is slow'),
    description:
      'Its event loop is late, and so are all answers. Look for large requests in the log ' +
      '(LOG_LEVEL=debug), set quotas, or add an instance.',
    ...several({ path: 'eventLoopDelayMs', gte: SLOW_LOOP_MS }, { warning: 3 }),
  },
  {
    ...about('queue', 'The write queue of Telltale is nearly full'),
    description:
      'Events arrive faster than they are written; recording calls will soon fail with OVERLOADED. ' +
      'Send larger batches, or find out why the database is slow.',
    ...several({ path: 'queueShare', gte: QUEUE_NEARLY_FULL }, { warning: 3 }),
  },
  {
    ...about('deliveries', 'Notifications wait'),
    description:
      'Alerts do not reach a receiver, or come late. `alertDeliveries(filter: { status: { eq: FAILED } })` ' +
      'says why.',
    ...several({ path: 'deliveriesOverdue', gte: 1 }, { warning: 10 }, 'PT15M'),
  },
  {
    ...about('columns', 'The columnar copy is behind'),
    description:
      'Until it catches up, rows answer questions about many events, which takes longer. It ' +
      'catches up by itself; if it does not, check the log.',
    ...several({ path: 'columnsLate', gte: 1 }, { warning: 10 }, 'PT15M'),
  },
];

function about(what: string, name: string) {
  const recoverAfter = 'PT5M';
  return {
    ruleId: `${OWN_SERVICE}-${what}`,
    name,
    type: 'SYSTEM',
    dataset: healthSamples.name,
    recoverAfter,
  };
}

/** The highest value among the last samples. */
function highest(measure: string, thresholds: Thresholds) {
  const question = { filter: OF_ITSELF, aggregate: 'MAX', measure, window: 'PT3M' };
  return { ...question, comparator: 'GTE', ...thresholds };
}

/** How many samples of a window pass a test of an attribute. */
function several(test: AttributeTest, thresholds: Thresholds, window = 'PT5M') {
  const filter = { ...OF_ITSELF, attributes: [test] };
  return { filter, aggregate: 'COUNT', window, comparator: 'GTE', ...thresholds };
}
