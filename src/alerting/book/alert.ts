import type { IdSource } from '../../core/ids.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';

/** An alert as Prisma returns it. */
export type StoredAlert = NonNullable<Awaited<ReturnType<PrismaTransaction['alert']['findUnique']>>>;
/** A delivery as Prisma returns it. */
export type StoredDelivery = NonNullable<
  Awaited<ReturnType<PrismaTransaction['alertDelivery']['findUnique']>>
>;

export type AlertResolution = 'BY_HAND' | 'RECOVERED' | 'ESCALATED' | 'RULE_CHANGED';
/** The events of an alert that webhooks are notified of. */
export type AlertEvent = 'RAISED' | 'ACKNOWLEDGED' | 'RESOLVED' | 'REMINDED' | 'TEST';

/** The data of an alert when it is raised. */
export interface AlertDraft {
  /** Identifies it in the project. */
  readonly alertId: string;
  readonly type: string;
  readonly severity: string;
  readonly title: string;
  readonly message: string | null;
  readonly source: string | null;
  /** JSON; null if there is none. */
  readonly metadata: unknown;
  readonly raisedAt: Date;
  /** The rule that raised the alert, and its measurement. */
  readonly rule?: {
    readonly ruleId: string;
    /** The values of the dimensions that the rule groups by, by name. */
    readonly labels: Readonly<Record<string, string | number | boolean | null>>;
    readonly value: number | null;
    /** Null if absence of data raised it. */
    readonly threshold: number | null;
  };
}

/** The transaction that changes alerts of a project, and its time. */
export interface AlertChange {
  readonly transaction: PrismaTransaction;
  readonly projectId: string;
  readonly ids: IdSource;
  readonly now: Date;
}
