/** The values of the enums of rules, with their descriptions. */

/** Numbers about the events of a dataset. */
export const EVENT_AGGREGATES = {
  COUNT: 'Number of events.',
  ERROR_RATE: 'Share of failed events, 0 to 1.',
  SUM: 'Sum of a measure.',
  AVG: 'Mean of a measure.',
  MIN: 'Smallest value of a measure.',
  MAX: 'Largest value of a measure.',
  QUANTILE: 'Quantile of a measure.',
  COUNT_DISTINCT:
    'Exact number of distinct values of a dimension or tag: users, sessions, models. 0 if there are none.',
};

export const AGGREGATES = {
  ...EVENT_AGGREGATES,
  BURN_RATE:
    'How fast the error budget of the SLO `sloId` burns: the share of bad events, divided by the ' +
    'share that the objective allows. 1 uses up the budget in exactly the window of the SLO. The ' +
    'number is the smaller of two burn rates, one over `window` and one over the last twelfth of ' +
    'it, so the rule fires only while the budget is still burning.',
};

export const COMPARATORS = {
  GT: 'Greater than the threshold.',
  GTE: 'Greater than the threshold, or equal.',
  LT: 'Less than the threshold.',
  LTE: 'Less than the threshold, or equal.',
};

export const ABSENT_DATA = {
  OK: 'Like a healthy value: an open alert recovers.',
  KEEP: 'No effect: the current state stays.',
  WARNING: 'Like a value beyond the `warning` threshold.',
  CRITICAL: 'Like a value beyond the `critical` threshold.',
};
