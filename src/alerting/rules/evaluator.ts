import type { Clock } from '../../core/clock.ts';
import { createEventCounter } from '../../live/event-counter.ts';
import type { Live } from '../../live/live.ts';
import { type Pause, pauseByTimer } from '../../live/monitors.ts';
import type { Schedule } from '../../runtime/schedule.ts';
import type { Store } from '../../storage/store.ts';
import {
  createLeasedWork,
  type LeasedWork,
  type ShouldContinue,
  type WorkLog,
} from '../lease/leased-work.ts';
import { takeTurns } from '../lease/take-turns.ts';
import { type EndOrphans, endOrphansWhenDue } from './end-orphans.ts';
import { type EvaluationServices, evaluateRule } from './evaluate.ts';
import { type EvaluationNote, evaluatedNote, failedNote, isWorthStoring } from './evaluation-note.ts';
import { isDue, paceOf } from './pace.ts';
import type { Rule, StoredRule } from './rule.ts';
import { createRuleMemories, type Memory } from './rule-memories.ts';
import { createNoteKeeper, type NewNote } from './store-notes.ts';
import type { ToRule } from './to-rule.ts';

export interface RuleEvaluatorOptions extends EvaluationServices {
  readonly store: Pick<Store, 'prisma' | 'transact' | 'dialect'>;
  readonly live: Pick<Live, 'subscribe'>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: WorkLog;
  readonly toRule: ToRule;
  readonly endOrphans: EndOrphans;
  /** Waits before rules are read again while a project is still busy. Default: a timer. */
  readonly pause?: Pause;
}

/** How often the evaluator checks which rules are due. */
const TURN_MS = 1_000;
/** Takes turns with the projects. Not a valid project id. */
const ORPHANS = '(orphans)';

/**
 * Evaluates the rules of all projects, after new events of their datasets and at regular intervals.
 * The rules of a project follow each other; the projects take turns, one query or transaction of
 * each. So rules occupy at most one reader, no writer waits for them, and a project with many
 * groups does not hold up the others. If several instances run, one of them does this for all.
 */
export function createRuleEvaluator(options: RuleEvaluatorOptions): LeasedWork {
  const { store, live, clock, log, toRule, pause = pauseByTimer } = options;
  const eventCounter = createEventCounter(live);
  const memories = createRuleMemories(store, toRule);
  const endWhatIsLeft = endOrphansWhenDue(options.endOrphans, clock);
  const keepNotes = createNoteKeeper({ store, log });

  /** While a project is busy, the others' rules are evaluated again at each interval. */
  function turn(shouldContinue: ShouldContinue): Promise<void> {
    return takeTurns({
      shouldContinue,
      pause: () => pause(TURN_MS),
      async begin(start) {
        const rulesOf = await memories.readRules();
        eventCounter.follow(memories.datasets());
        for (const [projectId, rules] of rulesOf) {
          start(projectId, (mayContinue) => evaluateAll(rules, mayContinue));
        }
        start(ORPHANS, endWhatIsLeft);
      },
    });
  }

  async function evaluateAll(rules: readonly StoredRule[], shouldContinue: ShouldContinue): Promise<void> {
    const notes: NewNote[] = [];
    for (const stored of rules) {
      if (!(await shouldContinue())) return;
      const memory = memories.of(stored);
      // Without a memory, the rule was disabled or deleted meanwhile.
      const note = memory && (await evaluateStored(stored, memory, shouldContinue));
      if (note && isWorthStoring(note, memory.noted)) notes.push({ stored, memory, note });
    }
    await keepNotes(notes, shouldContinue);
  }

  /**
   * Null if the rule was not due, or the turn was stopped before its end: the rule is not at fault.
   */
  async function evaluateStored(
    stored: StoredRule,
    memory: Memory,
    shouldContinue: ShouldContinue,
  ): Promise<EvaluationNote | null> {
    const now = clock.now();
    try {
      const note = await evaluate(memory, now, shouldContinue);
      if (note !== null) memory.logged = null;
      return note;
    } catch (failure) {
      if (!(await shouldContinue())) return null;
      logOnce(stored, memory, failure);
      return failedNote(failure, now);
    }
  }

  async function evaluate(
    memory: Memory,
    now: number,
    shouldContinue: ShouldContinue,
  ): Promise<EvaluationNote | null> {
    const { reading } = memory;
    if ('failure' in reading) throw reading.failure;
    const { rule } = reading;
    if (!begins(rule, memory, now)) return null;
    const measurements = await evaluateRule(options, rule, { now, shouldContinue });
    if (measurements !== null) return evaluatedNote(rule.policy, measurements, now);
    memory.evaluatedAt = null;
    return null;
  }

  function logOnce({ projectId, ruleId }: StoredRule, memory: Memory, failure: unknown): void {
    const text = String(failure);
    if (text !== memory.logged)
      log.error({ err: failure, projectId, ruleId }, 'An alert rule cannot be evaluated');
    memory.logged = text;
  }

  /** Whether the rule is due. If so, records that it is evaluated now. */
  function begins({ projectId, question }: Rule, memory: Memory, now: number): boolean {
    const count = eventCounter.count(projectId, question.dataset);
    const progress = { evaluatedAt: memory.evaluatedAt, hasNewEvents: count !== memory.events };
    if (!isDue(paceOf(question.windowMs), progress, now)) return false;
    Object.assign(memory, { evaluatedAt: now, events: count });
    return true;
  }

  return createLeasedWork({
    ...options,
    name: 'alert-rules',
    everyMs: TURN_MS,
    turn,
    rest() {
      eventCounter.stop();
      memories.clear();
    },
  });
}
