import type { ExecutionArgs } from 'graphql';
import type { Access } from '../access/authenticate.ts';
import type { Account, Budgets } from '../access/budgets/budgets.ts';
import type { Caller } from '../access/caller.ts';
import type { Keys } from '../access/keys.ts';
import type { Projects } from '../access/projects.ts';
import type { ReadTokens } from '../access/read-tokens.ts';
import type { Alerting } from '../alerting/alerting.ts';
import type { Analytics } from '../analytics/analytics.ts';
import type { Config } from '../config/config.ts';
import type { Coordination } from '../coordination/coordination.ts';
import type { Clock } from '../core/clock.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { IdSource } from '../core/ids.ts';
import type { Corrections } from '../costs/corrections.ts';
import type { Prices } from '../costs/prices.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { StateChecks } from '../ingest/state-checks.ts';
import type { Tails } from '../instances/tails.ts';
import type { Integrity } from '../integrity/integrity.ts';
import type { Tables } from '../integrity/tables.ts';
import type { Lists } from '../lists/lists.ts';
import type { Live } from '../live/live.ts';
import type { OtlpStatus } from '../otlp/status/status.ts';
import type { Retention } from '../retention/retention.ts';
import type { Portions } from '../runtime/portions.ts';
import type { ProcessLoadSource } from '../runtime/process-load.ts';
import type { Backups } from '../storage/backups/backups.ts';
import type { ReadMeter } from '../storage/reading.ts';
import type { Store } from '../storage/store.ts';
import { visibleAnalytics } from './analytics/visible-analytics.ts';
import type { QueryCost } from './limits/query-cost.ts';

/**
 * What resolvers may use. The composition root passes it in; nothing is imported as a singleton.
 */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  readonly ids: IdSource;
  readonly access: Access;
  readonly budgets: Budgets;
  readonly keys: Keys;
  readonly readTokens: ReadTokens;
  readonly projects: Projects;
  readonly ingest: Ingest;
  readonly stateChecks: StateChecks;
  readonly analytics: Analytics;
  readonly lists: Lists;
  readonly prices: Prices;
  /** Recomputes the costs of stored calls. */
  readonly corrections: Corrections;
  /** Takes turns with the event loop, for work that would block it. */
  readonly portions: Portions;
  readonly live: Live;
  /** New events from all instances. */
  readonly tails: Pick<Tails, 'open'>;
  readonly alerting: Alerting;
  readonly retention: Retention;
  readonly integrity: Integrity;
  readonly tables: Tables;
  /** Counts what OTLP requests contained, and what became of it. */
  readonly otlpStatus: OtlpStatus;
  readonly datasets: readonly Dataset[];
  readonly processLoad: ProcessLoadSource;
  readonly backups: Backups;
  /** The coordination folder. Absent if the server watches none. */
  readonly coordination?: Pick<Coordination, 'status' | 'projectId'>;
}

/** The client that waits for an answer. */
export interface Client {
  /**
   * Calls `leave` once if the client disconnects before it has its answer. Returns a function that
   * removes the listener.
   */
  onLeave(leave: () => void): () => void;
  /**
   * Calls `made` once, when the text of the answer exists or the client has disconnected. Absent if
   * the transport makes no text.
   */
  onText?(made: () => void): void;
}

/** The context of one operation. */
export interface Context {
  readonly services: Services;
  /** Who makes the request. */
  readonly caller: Caller;
  /** The project of the caller, which the operation reads and writes. */
  readonly projectId: string;
  /** Knows whether somebody still waits for the answer. Set by the transport. */
  readonly client?: Client;
  /**
   * Aborts when the server stops; its reason is an error for the caller. Reads of the operation end
   * then. Set when the operation runs.
   */
  readonly stopping?: AbortSignal;
  /** The quotas that the operation counts towards. Null or absent: unlimited. */
  readonly account?: Account | null;
  /** What the operation costs. Set before it runs; absent if it is not valid. */
  readonly price?: QueryCost | null;
  /** Counts what a query has read. Set when it runs. */
  readonly meter?: ReadMeter;
  /** How long a query of the caller may run. Default: the configured deadline. */
  readonly deadlineMs?: number;
}

/** The context that an executor passes on. Its type does not know ours. */
export const contextOfOperation = ({ contextValue }: Pick<ExecutionArgs, 'contextValue'>): Context =>
  contextValue as Context;

/** The context for operations of a caller. A read token gets analytics of its rows only. */
export function contextOf(
  services: Services,
  caller: Caller,
): Pick<Context, 'services' | 'caller' | 'projectId'> {
  const { rows, projectId } = caller;
  if (rows === undefined) return { services, caller, projectId };
  return {
    services: { ...services, analytics: visibleAnalytics(services.analytics, { rows }) },
    caller,
    projectId,
  };
}
