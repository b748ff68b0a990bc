import type { Slo } from '../../analytics/slos/slo.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { durationMs, toDuration } from '../../core/time/duration.ts';
import { textsIn } from '../../storage/stored-values.ts';
import { MIN_BURN_WINDOW_MS } from './burn-rate.ts';
import type { RuleDefinition } from './rule.ts';

/**
 * @throws InvalidArgument at `input.<field>` if a rule of aggregate BURN_RATE sets something that
 *   its SLO determines, or that a burn rate does not support.
 */
export function checkBurnRate(stored: RuleDefinition, { sloId, dataset }: Slo): void {
  const whose = `of the SLO "${sloId}"`;
  if (stored.dataset !== dataset.name)
    throw new InvalidArgument(
      `BURN_RATE evaluates the events ${whose}, which are ${dataset.name}: omit \`dataset\`.`,
      'input.dataset',
    );
  if (stored.filter !== null)
    throw new InvalidArgument(`BURN_RATE evaluates the events ${whose}: omit \`filter\`.`, 'input.filter');
  if (textsIn(stored.groupBy).length > 0)
    throw new InvalidArgument(
      `BURN_RATE evaluates the single error budget ${whose}: omit \`groupBy\`, or create an SLO ` +
        'for each group.',
      'input.groupBy',
    );
  if (stored.comparator !== 'GT' && stored.comparator !== 'GTE')
    throw new InvalidArgument(
      'An error budget burns fast when its burn rate is high: use GT or GTE with BURN_RATE.',
      'input.comparator',
    );
  checkWindow(stored.window);
}

/** The short window must not be shorter than the shortest window of any rule. */
function checkWindow(window: string): void {
  if ((durationMs(window) ?? 0) >= MIN_BURN_WINDOW_MS) return;
  throw new InvalidArgument(
    `BURN_RATE needs a \`window\` of at least ${toDuration(MIN_BURN_WINDOW_MS)}, not ${window}, ` +
      'because it also evaluates the last twelfth of the window.',
    'input.window',
  );
}
