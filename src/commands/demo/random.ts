import { defined } from '../../core/defined.ts';
/**
 * Pseudo-random draws that repeat exactly for the same seed, so that the demo looks the same on
 * every machine.
 */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Uniform integer in [min, max]. */
  integer(min: number, max: number): number;
  /**
   * Log-normal: half of the values lie below the median; `spread` is the standard deviation of the
   * logarithm.
   */
  logNormal(median: number, spread: number): number;
  /** A number of independent events, Poisson-distributed around `mean`. */
  poisson(mean: number): number;
  pick<Value>(values: readonly Value[]): Value;
  /** One of the values, with a probability proportional to its weight. */
  weighted<Value extends { readonly weight: number }>(values: readonly Value[]): Value;
}

/** Creates the random sequence of a seed. The same numbers give the same draws. */
export function createRandom(...seed: readonly number[]): Random {
  let state = seed.reduce((mixed, number) => mix((mixed ^ (number | 0)) + 0x9e3779b9), 0x85ebca6b);

  // Mulberry32 (Tommy Ettinger, public domain): one 32-bit word of state, good enough for demo
  // traffic.
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Box–Muller transform. 1 - next() keeps the logarithm finite. */
  function normal(): number {
    return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  }

  return {
    next,
    chance: (probability) => next() < probability,
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
    logNormal: (median, spread) => median * Math.exp(spread * normal()),
    poisson(mean) {
      // Knuth's method: means here are a few per minute.
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = next(); product > limit; product *= next()) count++;
      return count;
    },
    pick: (values) => defined(values[Math.floor(next() * values.length)]),
    weighted(values) {
      let rest = next() * values.reduce((sum, { weight }) => sum + weight, 0);
      for (const value of values) {
        rest -= value.weight;
        if (rest < 0) return value;
      }
      return defined(values.at(-1));
    },
  };
}

/** The finalizer of MurmurHash3: neighbouring seeds give unrelated states. */
function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * A UUIDv7 (RFC 9562, section 5.7) of the millisecond. Its other bits are drawn, so it repeats for
 * the same seed.
 */
export function drawId(random: Random, millisecond: number): string {
  const time = Math.floor(millisecond).toString(16).padStart(12, '0');
  const hex = (digits: number) =>
    Math.floor(random.next() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  const variant = (8 + Math.floor(random.next() * 4)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${variant}${hex(3)}-${hex(6)}${hex(6)}`;
}
