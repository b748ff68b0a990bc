/**
 * The numbers that a cell keeps of each measure, in this order: count of rows that have a value,
 * sum, minimum, maximum. Measure i of the declaration starts at `i * SUM_STRIDE`. Without rows they
 * are 0, 0, Infinity, -Infinity.
 */
export const SUM_STRIDE = 4;
export const COUNT = 0;
export const SUM = 1;
export const MIN = 2;
export const MAX = 3;
