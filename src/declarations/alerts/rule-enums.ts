/** The values of the enums of rules, with what GraphiQL says of each. */

export const AGGREGATES = {
  COUNT: 'How many events.',
  ERROR_RATE: 'Share of the events that failed, 0 to 1.',
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
  OK: 'All is well: an alert that is open recovers.',
  KEEP: 'Nothing: all stays as it is.',
  WARNING: 'As bad as a number beyond the threshold of WARNING.',
  CRITICAL: 'As bad as a number beyond the threshold of CRITICAL.',
};
