import type { AlertBook } from '../alerting/alert-book.ts';
import type { EndOrphans } from '../alerting/rules/end-orphans.ts';
import type { PreviewRule } from '../alerting/rules/preview.ts';
import type { ToRule } from '../alerting/rules/to-rule.ts';
import type { Config } from '../config/config.ts';
import type { Coordination } from '../coordination/coordination.ts';
import type { Clock } from '../core/clock.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { IdSource } from '../core/ids.ts';
import type { ProcessLoadSource } from '../core/process-load.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { RecordChecks } from '../ingest/record-checks.ts';
import type { Live } from '../live/live.ts';
import type { Analytics } from '../query/spec.ts';
import type { Retention } from '../retention/retention.ts';
import type { Store } from '../storage/store.ts';

/** What resolvers may use. Passed in by the composition root; nothing is imported as a singleton. */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  readonly ids: IdSource;
  readonly ingest: Ingest;
  readonly recordChecks: RecordChecks;
  readonly analytics: Analytics;
  readonly live: Live;
  readonly alertBook: AlertBook;
  readonly endOrphans: EndOrphans;
  readonly toRule: ToRule;
  readonly previewRule: PreviewRule;
  readonly retention: Retention;
  readonly datasets: readonly Dataset[];
  readonly processLoad: ProcessLoadSource;
  /** The coordination folder; absent: none is followed. */
  readonly coordination?: Pick<Coordination, 'status' | 'projectId'>;
}

/** The context of one operation. */
export interface Context {
  readonly services: Services;
  /** The project that the caller may see and write. */
  readonly projectId: string;
}
