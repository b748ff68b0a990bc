import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgument } from '../../../core/errors.ts';
import { DAY_MS } from '../../../core/time/units.ts';
import type { Context } from '../../../graphql/context.ts';
import { instantBefore } from '../../../graphql/duration.ts';
import { watchChanges } from '../../../graphql/live/watch-changes.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { readSummary, type Summary } from './read-summary.ts';
import { summaryType } from './summary.ts';

const SHORTEST_PERIOD_MS = 1_000;
const LONGEST_PERIOD_MS = DAY_MS;

/** Adds `summaryChanged`. */
export function addSummaryLive(types: TypeRegistry): void {
  types.builder.subscriptionField('summaryChanged', (t) =>
    t.field({
      authScopes: { read: true },
      type: summaryType(types),
      description:
        'Delivers the summary of the last `window` at once, then whenever a selected number ' +
        'has changed. The numbers are checked at the interval `every`.',
      args: {
        window: t.arg({
          type: 'Duration',
          required: true,
          description: 'How far the summary reaches back, such as "PT1H".',
        }),
        every: t.arg({
          type: 'Duration',
          defaultValue: 'PT5S',
          description: 'The interval between checks, from one second to one day.',
        }),
      },
      subscribe: (_root, { window, every }, context, info) =>
        watchSummary(context, {
          window,
          periodMs: readPeriod(every ?? 'PT5S', context),
          wanted: new Set(selectionOf(info).keys()),
        }),
      resolve: (summary: Summary) => summary,
    }),
  );
}

/** @throws InvalidArgument for less than a second or more than a day. */
function readPeriod(every: string, { services }: Context): number {
  const now = services.clock.now();
  const period = now - instantBefore(every, now, 'every');
  if (period >= SHORTEST_PERIOD_MS && period <= LONGEST_PERIOD_MS) return period;
  throw new InvalidArgument('`every` must be between one second ("PT1S") and one day ("PT24H").', 'every');
}

interface SummaryWatch {
  /** The length of the summarized range, as an ISO 8601 duration. */
  readonly window: string;
  readonly periodMs: number;
  /** The names of the selected numbers. */
  readonly wanted: ReadonlySet<string>;
}

function watchSummary(context: Context, { window, periodMs, wanted }: SummaryWatch) {
  const { clock } = context.services;
  const ending = new AbortController();
  const read = async (): Promise<Summary> => {
    const now = clock.now();
    return readSummary(context, { from: instantBefore(window, now, 'window'), to: now }, wanted);
  };
  // Fails at once, not later, if the window is invalid.
  instantBefore(window, clock.now(), 'window');
  return watchChanges<Summary>({
    read,
    async wait() {
      await sleep(periodMs, undefined, { ref: false, signal: ending.signal }).catch(() => undefined);
      return !ending.signal.aborted;
    },
    changed: (before, now) => numbersOf(before) !== numbersOf(now),
    stop: () => ending.abort(),
  });
}

/** Everything except the range and its source, which always change. */
function numbersOf({ range: _, source: __, ...numbers }: Summary): string {
  return JSON.stringify(numbers);
}
