import type { Slo } from '../../analytics/slos/slo.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { Filter } from '../../core/filter.ts';
import type { EVENT_AGGREGATES } from '../../declarations/alerts/rule-enums.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';

/** A rule as Prisma returns it. */
export type StoredRule = NonNullable<Awaited<ReturnType<PrismaTransaction['alertRule']['findUnique']>>>;

/** What a rule shows of its evaluations until it is evaluated in its present version. */
export const NOT_EVALUATED = {
  problem: null,
  evaluatedAt: null,
  evaluatedGroups: null,
  evaluatedValue: null,
  failedAt: null,
  failure: null,
} as const satisfies Partial<StoredRule>;

/** The part of a stored rule that a `Rule` is made from. */
export interface RuleDefinition
  extends Omit<
    StoredRule,
    'id' | 'enabled' | 'createdAt' | 'webhooks' | 'filter' | 'groupBy' | keyof typeof NOT_EVALUATED
  > {
  readonly filter: unknown;
  readonly groupBy: unknown;
}

/** The number that a rule asks for. */
export type RuleQuestion = EventQuestion | BurnQuestion;

/** A number of the events of a dataset. */
export interface EventQuestion extends CommonQuestion {
  readonly aggregate: keyof typeof EVENT_AGGREGATES;
}

/** How fast the error budget of an SLO burns. `dataset` and `filter` are those of the SLO. */
export interface BurnQuestion extends CommonQuestion {
  readonly aggregate: 'BURN_RATE';
  readonly slo: Slo;
}

interface CommonQuestion {
  readonly dataset: Dataset;
  readonly filter: Filter | null;
  /** For COUNT_DISTINCT a dimension or a tag. Null for COUNT, ERROR_RATE and BURN_RATE. */
  readonly measure: string | null;
  /** 0 to 1 for QUANTILE; null otherwise. */
  readonly quantile: number | null;
  /** Dimensions; empty for a single group. */
  readonly groupBy: readonly string[];
  readonly windowMs: number;
  /** If the window has fewer events, the data counts as missing. */
  readonly minimumCount: number;
}

/** Which numbers raise an alert, and when. */
export interface RulePolicy {
  readonly comparator: 'GT' | 'GTE' | 'LT' | 'LTE';
  /** Thresholds in the unit of the number; null if there is none. At least one is set. */
  readonly warning: number | null;
  readonly critical: number | null;
  /** How long a threshold must be passed before the rule fires. */
  readonly forMs: number;
  readonly absent: 'OK' | 'KEEP' | 'WARNING' | 'CRITICAL';
  /** How long the number must pass no threshold before an alert is resolved. */
  readonly recoverMs: number;
  /** How often webhooks are reminded; null for never. */
  readonly renotifyMs: number | null;
}

/** A rule, ready to be evaluated. */
export interface Rule {
  readonly projectId: string;
  readonly ruleId: string;
  readonly name: string;
  readonly description: string | null;
  /** The type of its alerts. */
  readonly type: string;
  readonly question: RuleQuestion;
  readonly policy: RulePolicy;
  /** Identifies the version of the rule: each change has a later time. Epoch milliseconds. */
  readonly updatedAt: number;
}
