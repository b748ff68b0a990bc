import { duration, float, json, text } from '../../core/dataset/column.ts';
import { NOT_BLANK } from '../../core/dataset/not-blank.ts';
import { slug } from '../../core/dataset/slug.ts';
import { defineState } from '../../core/dataset/state.ts';
import { DAY_MS, HOUR_MS } from '../../core/time/units.ts';

/** Service level objectives, which alert rules can evaluate. */
export const slos = defineState({
  name: 'slos',
  entity: 'Slo',
  table: 'slos',
  description:
    'A service level objective: the share of some events that should be good over a window that ' +
    'ends now. The remainder is the error budget.',
  naturalKey: 'sloId',
  byKey: {
    description: 'The SLO with this id; null if there is none.',
    key: 'The id of the SLO, for example "checkout-availability".',
  },
  columns: {
    sloId: slug('checkout-availability', {
      sortable: true,
      description: 'The id of the SLO, for example "checkout-availability".',
    }),
    name: text({ pattern: NOT_BLANK, sortable: true, description: 'The display name.' }),
    description: text({
      optional: true,
      maxLength: 10_000,
      description: 'What the objective means to users, and what to do when its budget burns.',
    }),
    metricId: text({
      verbatim: true,
      optional: true,
      description: 'The metric of the catalog that the objective is about, by its id.',
    }),
    dataset: text({
      verbatim: true,
      description: 'The name of the dataset whose events count, for example "requestLogs".',
    }),
    filter: json({
      verbatim: true,
      optional: true,
      description:
        "Which events count: an object like the `filter` of the dataset's list, for example " +
        '{"endpoint": {"eq": "/checkout"}}. Default: all.',
    }),
    good: json({
      verbatim: true,
      optional: true,
      description:
        'Which of these events are good: also a filter, for example {"latencyMs": {"lte": 800}}. ' +
        'All other events are bad, including those without the tested value. Default: events that ' +
        'succeeded.',
    }),
    objective: float({
      sortable: true,
      description: 'The share of the events that should be good, above 0 and below 1: 0.999 is 99.9 %.',
    }),
    window: duration({
      default: 'P28D',
      min: HOUR_MS,
      max: 366 * DAY_MS,
      description:
        'The length of the window that the objective is about, which ends now. Default: "P28D", four whole ' +
        'weeks.',
    }),
  },
});
