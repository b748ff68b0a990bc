import { formatValue, type Unit } from '../../format/value.ts';

/**
 * A band of values between two bounds. The last band has no upper bound if its bound is infinite.
 */
export interface Band {
  low: number;
  high: number;
}

/** The band at an index. `bounds` are ascending upper bounds; the first band begins at `from`. */
export const bandAt = (bounds: readonly number[], index: number, from = 0): Band => ({
  low: index === 0 ? from : (bounds[index - 1] ?? from),
  high: bounds[index] ?? Number.POSITIVE_INFINITY,
});

/** A band in words: "100 ms – 200 ms", "over 10 s". */
export const formatBand = ({ low, high }: Band, unit: Unit): string =>
  Number.isFinite(high)
    ? `${formatValue(low, unit)} – ${formatValue(high, unit)}`
    : `over ${formatValue(low, unit)}`;
