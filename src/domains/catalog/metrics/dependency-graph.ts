import { TelltaleError } from '../../../core/errors.ts';

/**
 * What each node depends on, by name. A name that is no key, such as one outside the catalog,
 * depends on nothing; a name that a list repeats counts once. The order of the answers follows that
 * of the keys and lists.
 */
export type Dependencies = ReadonlyMap<string, readonly string[]>;

export interface WalkOptions {
  /** Towards what the start depends on, or towards what depends on it. */
  readonly direction: 'dependencies' | 'dependents';
  /** The most steps from the start; 0 stays there, infinity goes all the way. */
  readonly depth: number;
}

export interface GraphNode {
  readonly name: string;
  /** Steps from the start, on the shortest way. */
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
 * What depends on each name, once each: the graph with its edges turned round. A name that nothing
 * depends on is no key.
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
 * for a node that depends on itself. Null: there is none. Ask before new dependencies are stored,
 * with the new ones in place.
 */
export function findCycle(edges: Dependencies, start: string): string[] | null {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  // The queue grows while it is read.
  for (const name of queue) {
    for (const dependency of edges.get(name) ?? []) {
      if (dependency === start) return [...wayTo(name, cameFrom), start];
      if (cameFrom.has(dependency)) continue;
      cameFrom.set(dependency, name);
      queue.push(dependency);
    }
  }
  return null;
}

function wayTo(name: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way: string[] = [];
  for (let at: string | undefined = name; at !== undefined; at = cameFrom.get(at)) way.push(at);
  return way.reverse();
}

/**
 * What is reached from `start`, and how it hangs together. Takes time in proportion to the graph.
 *
 * @throws TelltaleError CONFLICT when dependencies among the nodes that were reached go in a
 *   circle; `details.cycle` has the names, the first one again at the end.
 */
export function walkGraph(edges: Dependencies, start: string, { direction, depth }: WalkOptions): Walk {
  const depths = reach(direction === 'dependencies' ? edges : dependentsOf(edges), start, depth);
  const reached: Dependencies = new Map(
    [...depths.keys()].map((name) => [name, dependenciesAmong(edges, name, depths)]),
  );
  const cycle = findAnyCycle(reached);
  if (cycle !== null) throw inCircle(cycle);
  return {
    nodes: [...depths].map(([name, steps]) => ({ name, depth: steps })),
    edges: [...reached].flatMap(([from, dependencies]) => dependencies.map((to) => ({ from, to }))),
  };
}

/** The names within `depth` steps and their distance, breadth first. */
function reach(edges: Dependencies, start: string, depth: number): ReadonlyMap<string, number> {
  const depths = new Map([[start, 0]]);
  // The map grows while it is read, nearest first: after the first name at the limit come only
  // others.
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

/** A cycle of a graph in which every dependency is a key too; null when there is none. */
function findAnyCycle(edges: Dependencies): string[] | null {
  const left = withoutLeaves(edges);
  const seen = new Set<string>();
  // Whoever is left depends on another who is left: following them comes to a name a second time.
  let [name] = left;
  while (name !== undefined && !seen.has(name)) {
    seen.add(name);
    name = edges.get(name)?.find((dependency) => left.has(dependency));
  }
  return name === undefined ? null : findCycle(edges, name);
}

/**
 * The names that remain when those that depend on nothing are taken away, again and again (Kahn's
 * algorithm).
 */
function withoutLeaves(edges: Dependencies): ReadonlySet<string> {
  const dependents = dependentsOf(edges);
  const open = new Map([...edges].map(([name, dependencies]) => [name, dependencies.length]));
  const leaves = [...open.keys()].filter((name) => open.get(name) === 0);
  // The list grows while it is read.
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

function inCircle(cycle: readonly string[]): TelltaleError {
  return new TelltaleError(
    'CONFLICT',
    `The dependencies form a cycle: ${cycle.join(' → ')}. Remove one of them first.`,
    { cycle },
  );
}
