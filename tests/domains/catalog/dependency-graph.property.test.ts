import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TelltaleError } from '../../../src/core/errors.ts';
import {
  type Dependencies,
  findCycle,
  type Walk,
  type WalkOptions,
  walkGraph,
} from '../../../src/domains/catalog/metrics/dependency-graph.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const anyGraph = fc
  .array(fc.tuple(fc.constantFrom(...NAMES.slice(0, 5)), fc.constantFrom(...NAMES)), { maxLength: 9 })
  .map((pairs): Dependencies => {
    const edges = new Map<string, string[]>();
    for (const [from, to] of pairs) edges.set(from, [...(edges.get(from) ?? []), to]);
    return edges;
  });
const anyName = fc.constantFrom(...NAMES);

/**
 * The lengths of the shortest paths with at least one step between all pairs (Floyd and Warshall).
 */
function distances(edges: Dependencies, names: readonly string[] = NAMES) {
  const between = new Map<string, number>();
  const get = (from: string, to: string) => between.get(from + to) ?? Number.POSITIVE_INFINITY;
  for (const from of names) {
    for (const to of edges.get(from) ?? []) if (names.includes(to)) between.set(from + to, 1);
  }
  for (const over of names) {
    for (const from of names) {
      for (const to of names) {
        between.set(from + to, Math.min(get(from, to), get(from, over) + get(over, to)));
      }
    }
  }
  return get;
}

describe('any graph', () => {
  it('has a cycle as short as a naive search finds, which consists of its dependencies', () => {
    let cycles = 0;
    fc.assert(
      fc.property(anyGraph, anyName, (edges, start) => {
        const cycle = findCycle(edges, start);
        const length = distances(edges)(start, start);
        expect((cycle?.length ?? Number.POSITIVE_INFINITY) - 1).toBe(length);
        if (cycle === null) return;
        cycles++;
        expect([cycle[0], cycle.at(-1)]).toEqual([start, start]);
        expectDependencies(edges, cycle);
      }),
      { numRuns: 1000 },
    );
    expect(cycles).toBeGreaterThan(100);
    expect(cycles).toBeLessThan(900);
  });

  const options = fc.record({
    direction: fc.constantFrom<WalkOptions['direction']>('dependencies', 'dependents'),
    depth: fc.nat(4),
  });

  it('is walked in the same order as by a naive search', () => {
    let circles = 0;
    fc.assert(
      fc.property(anyGraph, anyName, options, (edges, start, { direction, depth }) => {
        const between = distances(edges);
        const steps = (name: string) => {
          if (name === start) return 0;
          return direction === 'dependencies' ? between(start, name) : between(name, start);
        };
        const reached = NAMES.filter((name) => steps(name) <= depth);
        const among = distances(edges, reached);
        let walk: Walk;
        try {
          walk = walkGraph(edges, start, { direction, depth });
        } catch (error) {
          circles++;
          const { cycle } = (error as TelltaleError).details as { cycle: string[] };
          expect(reached).toEqual(expect.arrayContaining(cycle));
          expect(cycle.length).toBeGreaterThan(1);
          expect(cycle[0]).toBe(cycle.at(-1));
          return expectDependencies(edges, cycle);
        }
        expect(reached.filter((name) => among(name, name) < Number.POSITIVE_INFINITY)).toEqual([]);
        const found = walk.nodes.map(({ name, depth }) => ({ name, depth }));
        const expected = reached.map((name) => ({ name, depth: steps(name) }));
        expect(found.map(({ depth }) => depth)).toEqual(found.map(({ depth }) => depth).sort());
        expect(found.sort((left, right) => (left.name < right.name ? -1 : 1))).toEqual(expected);
        const direct = reached.flatMap((from) =>
          reached.filter((to) => among(from, to) === 1).map((to) => from + to),
        );
        expect(walk.edges.map(({ from, to }) => from + to).sort()).toEqual(direct.sort());
      }),
      { numRuns: 1000 },
    );
    expect(circles).toBeGreaterThan(100);
    expect(circles).toBeLessThan(900);
  });
});

function expectDependencies(edges: Dependencies, way: readonly string[]): void {
  for (const [index, name] of way.slice(0, -1).entries()) expect(edges.get(name)).toContain(way[index + 1]);
}
