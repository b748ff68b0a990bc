/** The values of the enums of rules, with their descriptions. */

export const AGGREGATES = {
  COUNT: 'Number of events.',
  ERROR_RATE: 'Share of failed events, 0 to 1.',
  SUM: 'Sum of a measure.',
  AVG: 'Mean of a measure.',
  MIN: 'Smallest value of a measure.',
  MAX: 'Largest value of a measure.',
  QUANTILE: 'Quantile of a measure.',
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
