import { describe, expect, it } from 'vitest';
import { TelltaleError } from '../../../src/core/errors.ts';
import {
  type Dependencies,
  dependentsOf,
  findCycle,
  type WalkOptions,
  walkGraph,
} from '../../../src/domains/catalog/metrics/dependency-graph.ts';

/** `a: b c, b: d` is a graph in which a depends on b and c, and b on d. */
function graph(text: string): Dependencies {
  const lines = text.split(',').map((line) => line.split(':').map((part) => part.trim()));
  return new Map(lines.map(([name = '', list = '']) => [name, list.split(' ').filter(Boolean)]));
}

function walk(edges: Dependencies, start: string, options: Partial<WalkOptions> = {}) {
  const { nodes, edges: found } = walkGraph(edges, start, {
    direction: 'dependencies',
    depth: Number.POSITIVE_INFINITY,
    ...options,
  });
  return {
    nodes: nodes.map(({ name, depth }) => `${name} ${depth}`).join(', '),
    edges: found.map(({ from, to }) => `${from}>${to}`).join(' '),
  };
}

/** n0 depends on n1, n1 on n2, and so on. */
function chain(length: number, last: readonly string[] = []): Dependencies {
  const names = Array.from({ length }, (_, index) => `n${index}`);
  return new Map(names.map((name, index) => [name, index === length - 1 ? last : [`n${index + 1}`]]));
}

describe('dependentsOf', () => {
  it('reverses the edges, each once, in the order of the graph', () => {
    const edges = graph('revenue: orders transactions.amount, orders: x x, margin: revenue orders, x:');
    expect([...dependentsOf(edges)]).toEqual([
      ['orders', ['revenue', 'margin']],
      ['transactions.amount', ['revenue']],
      ['x', ['orders']],
      ['revenue', ['margin']],
    ]);
  });
});

describe('findCycle', () => {
  it.each([
    ['a:', 'a', null],
    ['a: b, b: c', 'a', null],
    ['a: b c, b: d, c: d', 'a', null],
    ['a: a', 'a', 'a a'],
    ['a: b, b: a', 'a', 'a b a'],
    ['a: b, b: a', 'b', 'b a b'],
    ['a: b, b: c, c: a', 'a', 'a b c a'],
    ['a: b c, b: d, d: a, c: a', 'a', 'a c a'],
    ['a: b, b: a a', 'a', 'a b a'],
    // A cycle that does not pass through the start does not count.
    ['a: b, b: c, c: b', 'a', null],
    ['a: b, b: b', 'a', null],
    ['a: b', 'outside', null],
  ])('of %s through %s is %s', (text, start, cycle) => {
    expect(findCycle(graph(text), start)?.join(' ') ?? null).toBe(cycle);
  });
});

describe('walkGraph', () => {
  const catalog = graph('margin: revenue cost, revenue: orders amount, cost: orders, orders: amount, lost:');

  it.each<[string, Partial<WalkOptions>, string, string]>([
    [
      'margin',
      {},
      'margin 0, revenue 1, cost 1, orders 2, amount 2',
      'margin>revenue margin>cost revenue>orders revenue>amount cost>orders orders>amount',
    ],
    ['margin', { depth: 0 }, 'margin 0', ''],
    ['margin', { depth: 1 }, 'margin 0, revenue 1, cost 1', 'margin>revenue margin>cost'],
    // The edge between two nodes at the limit is also shown.
    [
      'margin',
      { depth: 2 },
      'margin 0, revenue 1, cost 1, orders 2, amount 2',
      'margin>revenue margin>cost revenue>orders revenue>amount cost>orders orders>amount',
    ],
    ['amount', {}, 'amount 0', ''],
    ['lost', { direction: 'dependents' }, 'lost 0', ''],
    ['unknown', {}, 'unknown 0', ''],
    ['unknown', { direction: 'dependents' }, 'unknown 0', ''],
    [
      'orders',
      { direction: 'dependents' },
      'orders 0, revenue 1, cost 1, margin 2',
      'revenue>orders cost>orders margin>revenue margin>cost',
    ],
    [
      'amount',
      { direction: 'dependents', depth: 1 },
      'amount 0, revenue 1, orders 1',
      'revenue>orders revenue>amount orders>amount',
    ],
  ])('from %s with %o', (start, options, nodes, edges) => {
    expect(walk(catalog, start, options)).toEqual({ nodes, edges });
  });

  it('counts a repeated dependency once', () => {
    expect(walk(graph('a: b b b'), 'a')).toEqual({ nodes: 'a 0, b 1', edges: 'a>b' });
  });

  it.each<[string, string, Partial<WalkOptions>, string | null]>([
    ['a: a', 'a', {}, 'a → a'],
    ['a: b, b: a', 'a', {}, 'a → b → a'],
    ['a: b, b: a', 'a', { direction: 'dependents' }, 'a → b → a'],
    ['a: x b, x: y, b: c, c: b z', 'a', {}, 'b → c → b'],
    ['a: b, b: c, c: a', 'a', { depth: 2 }, 'a → b → c → a'],
    ['a: b, b: c, c: a', 'a', { depth: 1 }, null],
    ['a: b, b: b', 'a', { depth: 0 }, null],
    ['a: b, c: d, d: c', 'a', {}, null],
    ['b: a, c: b d, d: c', 'a', { direction: 'dependents' }, 'c → d → c'],
  ])('of %s from %s with %o finds the cycle %s', (text, start, options, cycle) => {
    if (cycle === null) {
      expect(() => walk(graph(text), start, options)).not.toThrow();
      return;
    }
    const error = thrownBy(() => walk(graph(text), start, options));
    expect(error).toBeInstanceOf(TelltaleError);
    expect(error).toMatchObject({ code: 'CONFLICT', details: { cycle: cycle.split(' → ') } });
    expect((error as Error).message).toContain(`: ${cycle}.`);
  });
});

describe('graphs of any size', () => {
  const LENGTH = 10_000;

  it('are walked without recursion', () => {
    const { nodes, edges } = walkGraph(chain(LENGTH), 'n0', { direction: 'dependencies', depth: LENGTH });
    expect(nodes.at(-1)).toEqual({ name: `n${LENGTH - 1}`, depth: LENGTH - 1 });
    expect(edges).toHaveLength(LENGTH - 1);
    const back = walkGraph(chain(LENGTH), `n${LENGTH - 1}`, { direction: 'dependents', depth: LENGTH });
    expect(back.nodes.at(-1)).toEqual({ name: 'n0', depth: LENGTH - 1 });
    expect(findCycle(chain(LENGTH), 'n0')).toBeNull();
    expect(findCycle(chain(LENGTH, ['n0']), 'n0')).toHaveLength(LENGTH + 1);
    const error = thrownBy(() => walk(chain(LENGTH, ['n1']), 'n0'));
    expect((error as TelltaleError).details['cycle']).toHaveLength(LENGTH);
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
