/** A number of outcomes that each have this probability. */
export interface Band {
  readonly probability: number;
  readonly count: number;
}

/**
 * The probabilities of the values of a dimension, or of combinations of several. They add up to 1.
 */
export type Distribution = readonly Band[];

/** Bands per factor of two: within one, probabilities differ by less than 10 %. */
const BANDS_PER_OCTAVE = 8;

/**
 * Values of which the k-th most frequent has a probability proportional to 1 / k^exponent (Zipf's
 * law). With an exponent of 0, all are equal.
 */
export function zipf(values: number, exponent: number): Distribution {
  const weights = Array.from({ length: values }, (_, index) => (index + 1) ** -exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return gather(weights.map((weight) => ({ probability: weight / total, count: 1 })));
}

/** The combinations of two independent distributions. */
export function combine(one: Distribution, other: Distribution): Distribution {
  return gather(
    one.flatMap((left) =>
      other.map((right) => ({
        probability: left.probability * right.probability,
        count: left.count * right.count,
      })),
    ),
  );
}

/**
 * The expected number of different outcomes if draws come at random with this average number (a
 * Poisson process): the sum of 1 - e^(-draws × p).
 */
export function expectedDistinct(distribution: Distribution, draws: number): number {
  return distribution.reduce(
    (sum, { probability, count }) => sum - count * Math.expm1(-draws * probability),
    0,
  );
}

/** Groups outcomes of similar probability into one band, which keeps their total. */
function gather(bands: Iterable<Band>): Distribution {
  const gathered = new Map<number, { mass: number; count: number }>();
  for (const { probability, count } of bands) {
    const key = Math.floor(Math.log2(probability) * BANDS_PER_OCTAVE);
    const band = gathered.get(key) ?? { mass: 0, count: 0 };
    band.mass += probability * count;
    band.count += count;
    gathered.set(key, band);
  }
  return [...gathered.values()].map(({ mass, count }) => ({ probability: mass / count, count }));
}
