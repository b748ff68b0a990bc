import type { Analytics } from '../analytics/analytics.ts';
import { readSlo, type Slo, type SloDefinition } from '../analytics/slos/slo.ts';
import type { Clock } from '../core/clock.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { IdSource } from '../core/ids.ts';
import type { Announce } from '../live/elsewhere.ts';
import type { Live } from '../live/live.ts';
import type { Portions } from '../runtime/portions.ts';
import type { Store } from '../storage/store.ts';
import { type AlertBook, createAlertBook } from './book/alert-book.ts';
import { createEndOrphans, type EndOrphans } from './rules/end-orphans.ts';
import { type PreviewRule, previewRule } from './rules/preview.ts';
import { createRuleReader, type ToRule } from './rules/to-rule.ts';

/** What requests need from alerting. `background.ts` starts its background work. */
export interface Alerting {
  readonly alertBook: AlertBook;
  readonly endOrphans: EndOrphans;
  /** Prepares a stored SLO for measuring. See `readSlo`. */
  readonly toSlo: (stored: SloDefinition) => Slo;
  readonly toRule: ToRule;
  readonly previewRule: PreviewRule;
}

export interface AlertingOptions {
  readonly store: Store;
  readonly live: Live;
  /** See `AlertBookOptions`. */
  readonly announce?: Announce;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly analytics: Analytics;
  /** The datasets that rules may query. */
  readonly datasets: readonly Dataset[];
  /** See `PreviewOptions`. */
  readonly portions?: Portions;
}

export function createAlerting({ analytics, datasets, portions, ...options }: AlertingOptions): Alerting {
  const { store, clock } = options;
  const alertBook = createAlertBook(options);
  return {
    alertBook,
    endOrphans: createEndOrphans({ store, alertBook }),
    toSlo: (stored) => readSlo(datasets, stored),
    toRule: createRuleReader(datasets),
    previewRule: (rule, range) =>
      previewRule({ analytics, now: clock.now(), ...(portions && { portions }) }, rule, range),
  };
}
