import { boolean, enumeration, integer, money, text, timestamp, uuid } from '../../core/dataset/column.ts';
import { defineState } from '../../core/dataset/state.ts';

const STATUSES = {
  RUNNING: 'The run is in progress. It continues after a restart of the server.',
  DONE: 'All calls of the range have the cost that follows from the current prices.',
  FAILED: 'The run ended early; `problem` says why. Calls that it had reached keep their new cost.',
};

const count = (description: string) =>
  integer({ source: 'server', max: Number.MAX_SAFE_INTEGER, description });
const sum = (description: string) =>
  money({ source: 'server', description: `${description} A larger sum is shown as 9,000,000.` });

/** What `recomputeCosts` did. */
export const costCorrections = defineState({
  name: 'costCorrections',
  entity: 'CostCorrection',
  table: 'cost_corrections',
  description:
    'A run of `recomputeCosts`: the server recomputes the cost of calls from the current prices, ' +
    'except of calls whose cost was sent with them.',
  columns: {
    rangeFrom: timestamp({ description: 'Start of the range of calls, inclusive.' }),
    rangeTo: timestamp({ description: 'End of the range of calls, exclusive.' }),
    provider: text({
      verbatim: true,
      optional: true,
      description:
        'Only calls whose `provider` is exactly this text (case-sensitive), for example "openai"; ' +
        'null for all providers.',
    }),
    model: text({
      verbatim: true,
      optional: true,
      description:
        'Only calls whose `model` is exactly this text (case-sensitive), for example ' +
        '"gpt-4o-mini"; null for all models.',
    }),
    dryRun: boolean({ default: false, description: 'True if the run only counted and changed nothing.' }),
    reason: text({
      optional: true,
      maxLength: 1_000,
      description: 'The reason given by the person who started the run.',
    }),
    requestedBy: text({
      optional: true,
      source: 'server',
      description: 'The id of the API key that started the run; null if the server requires no key.',
    }),
    status: enumeration('CostCorrectionStatus', STATUSES, {
      source: 'server',
      description: 'The status of the run.',
    }),
    problem: text({
      optional: true,
      source: 'server',
      maxLength: 1_000,
      truncate: true,
      description: 'Why the run FAILED; null if it did not.',
    }),
    calls: count('How many calls were checked: the calls of the range whose cost was not sent with them.'),
    changedCalls: count(
      'How many of the checked calls now have a different cost, or a different reason why it is ' +
        'unknown.',
    ),
    costBefore: sum('Total cost of the checked calls in USD before the run.'),
    costAfter: sum('Total cost of the checked calls in USD after the run.'),
    unknownBefore: count('How many of the checked calls had no known cost before the run.'),
    unknownAfter: count('How many of the checked calls have no known cost after the run.'),
    keptBefore: timestamp({
      optional: true,
      source: 'server',
      description:
        'Set if retention has removed calls of the range: days before this midnight in UTC keep ' +
        'their totals. Null if none were removed.',
    }),
    endedAt: timestamp({
      optional: true,
      source: 'server',
      description: 'When the run ended; null while it is in progress.',
    }),
    reachedAt: timestamp({
      optional: true,
      source: 'server',
      hidden: true,
      description: 'The time of the last call that was looked at.',
    }),
    reachedId: uuid({ optional: true, source: 'server', hidden: true, description: 'Its id.' }),
    changedDay: timestamp({
      optional: true,
      source: 'server',
      hidden: true,
      description: 'The day whose calls have changed, and its totals have not.',
    }),
  },
});
