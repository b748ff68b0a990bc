import { createRandom } from './commits.ts';
import type { Distribution } from './distribution.ts';

/**
 * How evenly work is distributed over shards or nodes: 1 is even; 2 means that the busiest does
 * twice its share.
 */
export interface Skew {
  readonly shards: number;
  readonly nodes: number;
}

/** The number of outcomes placed one by one. Rarer ones count as evenly distributed. */
const MAX_PLACED = 200_000;

/**
 * Places each outcome on a shard at random, like a hash, and shards on nodes in rotation.
 * `weightOf` returns the work that an outcome of this probability causes.
 */
export function skewOf(
  distribution: Distribution,
  { shards, nodes, seed = 1 }: { readonly shards: number; readonly nodes: number; readonly seed?: number },
  weightOf: (probability: number) => number = (probability) => probability,
): Skew {
  const random = createRandom(seed);
  const load = new Float64Array(shards);
  let left = MAX_PLACED;
  for (const { probability, count } of distribution.toSorted(
    (one, other) => other.probability - one.probability,
  )) {
    const weight = weightOf(probability);
    const placed = Math.min(Math.round(count), left);
    left -= placed;
    for (let index = 0; index < placed; index++) {
      const shard = Math.floor(random() * shards);
      load[shard] = (load[shard] ?? 0) + weight;
    }
    const even = (weight * (count - placed)) / shards;
    for (let shard = 0; shard < shards; shard++) load[shard] = (load[shard] ?? 0) + even;
  }
  const onNodes = new Float64Array(nodes);
  load.forEach((weight, shard) => {
    onNodes[shard % nodes] = (onNodes[shard % nodes] ?? 0) + weight;
  });
  return { shards: busiest(load), nodes: busiest(onNodes) };
}

function busiest(load: Float64Array): number {
  const total = load.reduce((sum, weight) => sum + weight, 0);
  return (Math.max(...load) * load.length) / total;
}

/** How many of the shards a transaction of this many rows touches, if each is placed at random. */
export const shardsTouched = (shards: number, rows: number): number =>
  shards * -Math.expm1(rows * Math.log1p(-1 / shards));
