import { boolean, enumeration, integer, money, text, timestamp, uuid } from '../../core/dataset/column.ts';
import { defineState } from '../../core/dataset/state.ts';

const STATUSES = {
  RUNNING: 'It is under way. It goes on after a restart of the server.',
  DONE: 'All calls of the range have the cost that the prices say.',
  FAILED:
    'It has ended before it was done: `problem` says why. Calls that it had reached keep their new cost.',
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
    'What `recomputeCosts` did: calls whose cost the server had computed got the cost that the prices say ' +
    'now. Costs that senders sent stay.',
  columns: {
    rangeFrom: timestamp({ description: 'Calls from this time on.' }),
    rangeTo: timestamp({ description: 'Calls before this time.' }),
    provider: text({
      verbatim: true,
      optional: true,
      description:
        'Only calls whose `provider` is exactly this text, with case, for example "openai"; null: of all.',
    }),
    model: text({
      verbatim: true,
      optional: true,
      description:
        'Only calls whose `model` is exactly this text, with case, for example "gpt-4o-mini"; null: of all.',
    }),
    dryRun: boolean({ default: false, description: 'True: nothing was changed, only counted.' }),
    reason: text({ optional: true, maxLength: 1_000, description: 'Why, in the words of who asked for it.' }),
    requestedBy: text({
      optional: true,
      source: 'server',
      description: 'The id of the API key that asked for it; null: a server that asks for no key.',
    }),
    status: enumeration('CostCorrectionStatus', STATUSES, {
      source: 'server',
      description: 'How far it is.',
    }),
    problem: text({
      optional: true,
      source: 'server',
      maxLength: 1_000,
      truncate: true,
      description: 'Why it FAILED; null: it did not.',
    }),
    calls: count('How many calls were looked at: those of the range whose cost no sender sent.'),
    changedCalls: count('How many of them have another cost now, or another reason why it is unknown.'),
    costBefore: sum('USD: what all calls that were looked at cost before.'),
    costAfter: sum('USD: what they cost now.'),
    unknownBefore: count('How many of them had no known cost before.'),
    unknownAfter: count('How many of them have no known cost now.'),
    keptBefore: timestamp({
      optional: true,
      source: 'server',
      description:
        'Retention has removed calls of the range: days before this midnight in UTC keep the totals that ' +
        'they have. Null: none were removed.',
    }),
    endedAt: timestamp({
      optional: true,
      source: 'server',
      description: 'When it ended; null: it is under way.',
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
