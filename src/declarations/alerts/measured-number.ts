/**
 * The bounds of a number that a rule measures. A sum of events may exceed the bounds of the measure
 * of one event.
 */
export const MEASURED_NUMBER = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE } as const;
