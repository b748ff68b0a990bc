/** The events of an SLO in a stretch of time. */
export interface SloCounts {
  readonly events: number;
  /** The number of good events; all others are bad. */
  readonly good: number;
}

/**
 * Objectives differ in at most this many digits after the point. More digits would be noise of
 * doubles.
 */
const DIGITS = 15;

/**
 * The share of the events that may be bad: 0.001 for an objective of 0.999. Rounded, because
 * `1 - 0.999` is 0.0010000000000000009, which would keep a burn rate of exactly 1 below 1.
 */
export const allowedShare = (objective: number): number => Number((1 - objective).toFixed(DIGITS));

/**
 * How many of the events may be bad. Not rounded: 1.5 of 1,500 events with an objective of 0.999.
 */
export const allowedBad = ({ events }: SloCounts, objective: number): number =>
  events * allowedShare(objective);

/** The share of the events that are good, 0 to 1. Null without events, which would say nothing. */
export const complianceOf = ({ events, good }: SloCounts): number | null =>
  events === 0 ? null : good / events;

/**
 * How fast the error budget burns: the share of the events that are bad, divided by the share that
 * may be. At 1, the budget is used up exactly when the window of the SLO ends. Null without events.
 * Over the whole window, it is also the share of the budget that is used up.
 *
 * Source: B. Beyer and others, The Site Reliability Workbook (2018), chapter 5, "Alerting on SLOs".
 */
export function burnRate(counts: SloCounts, objective: number): number | null {
  return counts.events === 0 ? null : (counts.events - counts.good) / allowedBad(counts, objective);
}

/** The highest possible burn rate: all events are bad. */
export const mostBurnRate = (objective: number): number => 1 / allowedShare(objective);
