import type { Dataset } from '../../core/dataset/dataset.ts';
import type { Store } from '../../storage/store.ts';
import type { EvaluationNote } from './evaluation-note.ts';
import type { Rule, StoredRule } from './rule.ts';
import { readSlosOf } from './slos-of-rules.ts';
import type { ToRule } from './to-rule.ts';

/**
 * What the evaluator remembers of a rule from one turn to the next. Everything that matters is
 * stored: a restart costs only time.
 */
export interface Memory {
  readonly updatedAt: number;
  readonly reading: Reading;
  evaluatedAt: number | null;
  /** How many events of its dataset had been counted by then. */
  events: number;
  /** The failure that was logged and persists; null if there is none. */
  logged: string | null;
  /** What was last stored of its evaluations; null if nothing was. */
  noted: EvaluationNote | null;
}

type Reading = { readonly rule: Rule } | { readonly failure: unknown };

export interface RuleMemories {
  /** Reads the enabled rules by project, and keeps only the memories of their current versions. */
  readRules(): Promise<ReadonlyMap<string, readonly StoredRule[]>>;
  /** Undefined if the rule was disabled or deleted meanwhile. */
  of(stored: StoredRule): Memory | undefined;
  /** The datasets of all rules that can be read. */
  datasets(): Dataset[];
  clear(): void;
}

export function createRuleMemories({ prisma }: Pick<Store, 'prisma'>, toRule: ToRule): RuleMemories {
  const memories = new Map<string, Memory>();

  async function keep(enabled: readonly StoredRule[]): Promise<void> {
    const keys = new Set(enabled.map(keyOf));
    for (const key of memories.keys()) if (!keys.has(key)) memories.delete(key);
    const changed = enabled.filter(
      (stored) => memories.get(keyOf(stored))?.updatedAt !== stored.updatedAt.getTime(),
    );
    const sloOf = await readSlosOf(prisma, changed);
    for (const stored of changed) {
      memories.set(keyOf(stored), {
        ...UNSEEN,
        updatedAt: stored.updatedAt.getTime(),
        reading: read(() => toRule(stored, sloOf(stored))),
      });
    }
  }

  return {
    async readRules() {
      const enabled = await prisma.alertRule.findMany({
        where: { enabled: true },
        orderBy: [{ projectId: 'asc' }, { id: 'asc' }],
      });
      await keep(enabled);
      const rules = new Map<string, StoredRule[]>();
      for (const stored of enabled) {
        const ofProject = rules.get(stored.projectId) ?? [];
        rules.set(stored.projectId, ofProject);
        ofProject.push(stored);
      }
      return rules;
    },
    of: (stored) => memories.get(keyOf(stored)),
    datasets: () =>
      [...memories.values()].flatMap(({ reading }) =>
        'rule' in reading ? [reading.rule.question.dataset] : [],
      ),
    clear: () => memories.clear(),
  };
}

const UNSEEN = { evaluatedAt: null, events: 0, logged: null, noted: null } as const;

const keyOf = ({ projectId, id }: StoredRule): string => JSON.stringify([projectId, id]);

function read(toRule: () => Rule): Reading {
  try {
    return { rule: toRule() };
  } catch (failure) {
    return { failure };
  }
}
