import { TelltaleError } from '../../../core/errors.ts';

/**
 * The dependencies of each node, by name. A name that is not a key, such as one outside the
 * catalog, depends on nothing; repeated names in a list count once. Results follow the order of the
 * keys and lists.
 */
export type Dependencies = ReadonlyMap<string, readonly string[]>;

export interface WalkOptions {
  /** Towards the names that the start depends on, or towards those that depend on it. */
  readonly direction: 'dependencies' | 'dependents';
  /** The maximum number of steps from the start; 0 for only the start, Infinity for no limit. */
  readonly depth: number;
}

export interface GraphNode {
  readonly name: string;
  /** Steps from the start, along the shortest path. */
  readonly depth: number;
}

/** `from` depends on `to`, whatever the direction of the walk. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

export interface Walk {
  /** Breadth first, the start included. */
  readonly nodes: readonly GraphNode[];
  /** Every dependency between two of the nodes, once. */
  readonly edges: readonly GraphEdge[];
}

/**
 * The names that depend on each name, without repetition: the graph with its edges reversed. A name
 * that nothing depends on is not a key.
 */
export function dependentsOf(edges: Dependencies): Map<string, string[]> {
  const dependents = new Map<string, string[]>();
  for (const [name, dependencies] of edges) {
    for (const dependency of new Set(dependencies)) {
      const known = dependents.get(dependency);
      if (known === undefined) dependents.set(dependency, [name]);
      else known.push(name);
    }
  }
  return dependents;
}

/**
 * The shortest cycle through `start`, from `start` to `start`: `["a", "b", "a"]`, or `["a", "a"]`
 * for a node that depends on itself; null if there is none. Must be called before new dependencies
 * are stored, with the new ones included.
 */
export function findCycle(edges: Dependencies, start: string): string[] | null {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  // The loop adds to the queue.
  for (const name of queue) {
    for (const dependency of edges.get(name) ?? []) {
      if (dependency === start) return [...pathTo(name, cameFrom), start];
      if (cameFrom.has(dependency)) continue;
      cameFrom.set(dependency, name);
      queue.push(dependency);
    }
  }
  return null;
}

function pathTo(name: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path: string[] = [];
  for (let at: string | undefined = name; at !== undefined; at = cameFrom.get(at)) path.push(at);
  return path.reverse();
}

/**
 * The nodes within reach of `start`, and the dependencies between them. The time is proportional to
 * the size of the graph.
 *
 * @throws TelltaleError CONFLICT if the dependencies of the reached nodes form a cycle;
 *   `details.cycle` has the names, with the first one again at the end.
 */
export function walkGraph(edges: Dependencies, start: string, { direction, depth }: WalkOptions): Walk {
  const depths = reach(direction === 'dependencies' ? edges : dependentsOf(edges), start, depth);
  const reached: Dependencies = new Map(
    [...depths.keys()].map((name) => [name, dependenciesAmong(edges, name, depths)]),
  );
  const cycle = findAnyCycle(reached);
  if (cycle !== null) throw cycleError(cycle);
  return {
    nodes: [...depths].map(([name, steps]) => ({ name, depth: steps })),
    edges: [...reached].flatMap(([from, dependencies]) => dependencies.map((to) => ({ from, to }))),
  };
}

/** The names within `depth` steps and their distance, breadth first. */
function reach(edges: Dependencies, start: string, depth: number): ReadonlyMap<string, number> {
  const depths = new Map([[start, 0]]);
  // The loop adds to the map, nearest names first: after the first name at the limit, all others
  // are at the limit too.
  for (const [name, steps] of depths) {
    if (steps >= depth) break;
    for (const next of edges.get(name) ?? []) {
      if (!depths.has(next)) depths.set(next, steps + 1);
    }
  }
  return depths;
}

function dependenciesAmong(
  edges: Dependencies,
  name: string,
  names: ReadonlyMap<string, unknown>,
): readonly string[] {
  return [...new Set(edges.get(name))].filter((dependency) => names.has(dependency));
}

/** A cycle of a graph in which every dependency is also a key; null if there is none. */
function findAnyCycle(edges: Dependencies): string[] | null {
  const left = withoutLeaves(edges);
  const seen = new Set<string>();
  // Every remaining name depends on another one, so following the dependencies reaches some name
  // twice.
  let [name] = left;
  while (name !== undefined && !seen.has(name)) {
    seen.add(name);
    name = edges.get(name)?.find((dependency) => left.has(dependency));
  }
  return name === undefined ? null : findCycle(edges, name);
}

/**
 * The names that remain after repeatedly removing those that depend on nothing (Kahn's algorithm).
 */
function withoutLeaves(edges: Dependencies): ReadonlySet<string> {
  const dependents = dependentsOf(edges);
  const open = new Map([...edges].map(([name, dependencies]) => [name, dependencies.length]));
  const leaves = [...open.keys()].filter((name) => open.get(name) === 0);
  // The loop adds to the list.
  for (const leaf of leaves) {
    open.delete(leaf);
    for (const dependent of dependents.get(leaf) ?? []) {
      const rest = (open.get(dependent) ?? 0) - 1;
      open.set(dependent, rest);
      if (rest === 0) leaves.push(dependent);
    }
  }
  return new Set(open.keys());
}

function cycleError(cycle: readonly string[]): TelltaleError {
  return new TelltaleError(
    'CONFLICT',
    `The dependencies form a cycle: ${cycle.join(' → ')}. Remove one of them first.`,
    { cycle },
  );
}
