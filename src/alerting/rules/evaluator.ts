import type { Clock } from '../../core/clock.ts';
import type { Live } from '../../live/live.ts';
import type { Schedule } from '../../runtime/schedule.ts';
import type { Store } from '../../storage/store.ts';
import { alertsKey } from '../book/alert-book.ts';
import { createLeasedWork, type GoesOn, type LeasedWork, type WorkLog } from '../lease/leased-work.ts';
import { type EndOrphans, endOrphansWhenDue } from './end-orphans.ts';
import { type EvaluationServices, evaluateRule } from './evaluate.ts';
import { createNews } from './news.ts';
import { isDue, paceOf } from './pace.ts';
import { problemOf } from './problem.ts';
import type { Rule, StoredRule } from './rule.ts';
import type { ToRule } from './to-rule.ts';

export interface RuleEvaluatorOptions extends EvaluationServices {
  readonly store: Pick<Store, 'prisma' | 'transact'>;
  readonly live: Pick<Live, 'subscribe'>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: WorkLog;
  readonly toRule: ToRule;
  readonly endOrphans: EndOrphans;
}

/** So often it looks which rules are due. */
const TURN_MS = 1_000;

/** What is known of a rule from one turn to the next. What matters is stored: a restart loses nothing but time. */
interface Memory {
  readonly updatedAt: number;
  readonly reading: Reading;
  evaluatedAt: number | null;
  /** How many events of its dataset had been heard of by then. */
  news: number;
  /** The failure that was logged of it and is not over. */
  logged: string | null;
}

type Reading = { readonly rule: Rule } | { readonly failure: unknown };

/**
 * Evaluates the rules of all projects: after new events of their datasets and by the clock, one after another, so that they never keep
 * more than one reader busy and no writer waits for them. Of several instances one does it for all.
 */
export function createRuleEvaluator(options: RuleEvaluatorOptions): LeasedWork {
  const { store, live, clock, log, toRule } = options;
  const news = createNews(live);
  const memories = new Map<string, Memory>();
  const endWhatIsLeft = endOrphansWhenDue(options.endOrphans, clock);

  async function turn(goesOn: GoesOn): Promise<void> {
    const enabled = await store.prisma.alertRule.findMany({
      where: { enabled: true },
      orderBy: [{ projectId: 'asc' }, { id: 'asc' }],
    });
    keepMemories(enabled);
    news.follow(datasetsOf(memories.values()));
    for (const stored of enabled) {
      if (!(await goesOn())) return;
      await look(stored, memories.get(keyOf(stored)) as Memory, goesOn);
    }
    await endWhatIsLeft(goesOn);
  }

  /** Of the rules as they are now, and of no others. */
  function keepMemories(enabled: readonly StoredRule[]): void {
    const keys = new Set(enabled.map(keyOf));
    for (const key of memories.keys()) if (!keys.has(key)) memories.delete(key);
    for (const stored of enabled) {
      const updatedAt = stored.updatedAt.getTime();
      if (memories.get(keyOf(stored))?.updatedAt === updatedAt) continue;
      const unseen = { updatedAt, evaluatedAt: null, news: 0, logged: null };
      memories.set(keyOf(stored), { ...unseen, reading: read(toRule, stored) });
    }
  }

  async function look(stored: StoredRule, memory: Memory, goesOn: GoesOn): Promise<void> {
    const { reading } = memory;
    const failure = 'failure' in reading ? reading.failure : await evaluate(reading.rule, memory, goesOn);
    if (failure !== undefined && (await goesOn())) await tell(stored, memory, failure);
  }

  /** Answers why it could not be evaluated, null when it was; undefined when it was not, or not to its end, for no fault of the rule. */
  async function evaluate(rule: Rule, memory: Memory, goesOn: GoesOn): Promise<unknown> {
    const now = clock.now();
    if (!begins(rule, memory, now)) return undefined;
    try {
      if (await evaluateRule(options, rule, now, goesOn)) return null;
      memory.evaluatedAt = null;
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Notes that it is evaluated now, when it is due. */
  function begins({ projectId, question }: Rule, memory: Memory, now: number): boolean {
    const count = news.count(projectId, question.dataset);
    const progress = { evaluatedAt: memory.evaluatedAt, hasNews: count !== memory.news };
    if (!isDue(paceOf(question.windowMs), progress, now)) return false;
    Object.assign(memory, { evaluatedAt: now, news: count });
    return true;
  }

  /** Says at the rule why it could not be evaluated, or that it could again: where that is news, and once in the log. */
  async function tell(stored: StoredRule, memory: Memory, failure: unknown): Promise<void> {
    const { projectId, id, ruleId, updatedAt } = stored;
    const text = failure === null ? null : String(failure);
    if (text !== null && text !== memory.logged)
      log.error({ err: failure, projectId, ruleId }, 'An alert rule cannot be evaluated');
    memory.logged = text;
    const problem = failure === null ? null : problemOf(failure);
    const isKnown = problem === stored.problem || (problem === null && failure !== null);
    if (isKnown) return;
    await store.transact(alertsKey(projectId), (transaction) =>
      transaction.alertRule.updateMany({ where: { projectId, id, updatedAt }, data: { problem } }),
    );
  }

  return createLeasedWork({
    ...options,
    name: 'alert-rules',
    everyMs: TURN_MS,
    turn,
    rest() {
      news.stop();
      memories.clear();
    },
  });
}

const keyOf = ({ projectId, id }: StoredRule): string => JSON.stringify([projectId, id]);

function read(toRule: ToRule, stored: StoredRule): Reading {
  try {
    return { rule: toRule(stored) };
  } catch (failure) {
    return { failure };
  }
}

function datasetsOf(memories: Iterable<Memory>) {
  return [...memories].flatMap(({ reading }) => ('rule' in reading ? [reading.rule.question.dataset] : []));
}
